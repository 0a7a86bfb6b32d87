package dev.understudy.embedded;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL binaries that come as a Maven artifact. They hold {@code postgres}, {@code initdb}
 * and {@code pg_ctl}, the contrib modules, and no client.
 */
public final class EmbeddedBinaries {
  private EmbeddedBinaries() {}

  /**
   * Unpacks the binaries below a directory, once: later calls, also of other processes, find what
   * the first one left. Everybody may read the result, nobody needs to write it.
   *
   * @return the directory whose {@code bin/} holds {@code postgres}
   */
  public static Path unpack(Path directory) throws IOException {
    String archive = "/" + archive();
    return unpack(version(), () -> resource(archive), directory);
  }

  /**
   * The same with binaries of another version, which cannot be on the class path beside these.
   *
   * @param jar their Maven artifact for this machine's architecture
   */
  public static Path unpack(Path jar, String version, Path directory) throws IOException {
    try (ZipFile file = new ZipFile(jar.toFile())) {
      ZipEntry entry = file.getEntry(archive());
      if (entry == null) {
        throw new FileNotFoundException(jar + " holds no " + archive());
      }
      return unpack(version, () -> file.getInputStream(entry), directory);
    }
  }

  @FunctionalInterface
  private interface Archive {
    InputStream open() throws IOException;
  }

  private static Path unpack(String version, Archive packed, Path directory) throws IOException {
    Path home = directory.toAbsolutePath().resolve("postgresql-" + version);
    if (Files.isExecutable(home.resolve("bin/postgres"))) {
      return home;
    }
    Files.createDirectories(home.getParent());
    Path unfinished = Files.createTempDirectory(home.getParent(), "unpacking-");
    try (InputStream archive = packed.open()) {
      extract(archive, unfinished);
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isExecutable(home.resolve("bin/postgres"))) {
        throw e;
      }
    } finally {
      DirectoryTree.delete(unfinished);
    }
    return home;
  }

  private static String version() throws IOException {
    try (InputStream in = resource("/dev/understudy/embedded/version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return requireNonNull(properties.getProperty("postgresql"), "postgresql is null");
    }
  }

  private static String archive() throws IOException {
    String architecture = System.getProperty("os.arch");
    return switch (architecture) {
      case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
      case "aarch64" -> "postgres-linux-arm_64.txz";
      default ->
          throw new FileNotFoundException(
              "no PostgreSQL binaries for architecture " + architecture);
    };
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = EmbeddedBinaries.class.getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException("resource " + name + " is not on the class path");
    }
    return in;
  }

  private static void extract(InputStream archive, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("entry outside of the archive: " + entry.getName());
        }
        write(tar, entry, path);
        entry = tar.getNextEntry();
      }
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      return;
    }
    Files.createDirectories(requireNonNull(path.getParent(), "entry without a parent"));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, path);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }
}
