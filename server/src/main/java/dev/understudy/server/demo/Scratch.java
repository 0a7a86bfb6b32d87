package dev.understudy.server.demo;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.cloner.pool.image.PoolImageException;
import dev.understudy.embedded.DirectoryTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The one directory that everything of a demo lies in. Nobody else may enter it: production trusts
 * whoever reaches its socket. Where root starts the demo, production is another user and has to get
 * in; there it is that user alone whom its superuser could become.
 */
final class Scratch implements AutoCloseable {
  /** Six digits of base 36. */
  private static final long MOST = 36L * 36 * 36 * 36 * 36 * 36;

  static final String PREFIX = "understudy-demo-";

  /** Of a directory that has no name yet: it is empty but for its lock. */
  static final String UNNAMED = "." + PREFIX;

  /** Far longer than it takes to give it its name. */
  private static final Duration UNNAMED_FOR = Duration.ofMinutes(1);

  private final Path directory;
  private final FileChannel lock;

  private Scratch(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Makes a new directory. It gets its name when it is locked: at no moment does it look abandoned.
   *
   * @param parent exists and can be written
   */
  static Scratch create(Path parent) throws IOException {
    // Not by createTempDirectory: its names are long, and sockets lie below.
    String name = PREFIX + Long.toString(ThreadLocalRandom.current().nextLong(MOST), 36);
    Path directory = requireNonNull(parent, "parent is null").toRealPath().resolve(name);
    Path fresh =
        Files.createDirectory(
            directory.resolveSibling("." + name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (Accounts.isRoot()) {
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    FileChannel lock =
        FileChannel.open(lockFile(fresh), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean named = false;
    try {
      if (lock.tryLock() == null) {
        throw new IOException(directory + " is another demo's");
      }
      // Fails where another demo has the name: its directory is not empty.
      Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
      named = true;
    } finally {
      if (!named) {
        lock.close();
        DirectoryTree.delete(fresh);
      }
    }
    return new Scratch(directory, lock);
  }

  /**
   * Takes over what a demo that was killed has left. Empty for a directory of one that lives, or
   * that is no such directory of this user.
   */
  static Optional<Scratch> abandoned(Path directory) throws IOException {
    Path file = lockFile(directory);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !isOurs(directory)
        || !isOurs(file)) {
      return Optional.empty();
    }
    FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE);
    try {
      if (lock.tryLock() != null) {
        return Optional.of(new Scratch(directory, lock));
      }
    } catch (OverlappingFileLockException e) {
      // One in this very process.
    }
    lock.close();
    return Optional.empty();
  }

  /** Removes what a demo that was killed before that was named has left. */
  static void removeUnnamed(Path directory) throws IOException {
    Instant made = Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS).toInstant();
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && isOurs(directory)
        && made.isBefore(Instant.now().minus(UNNAMED_FOR))) {
      Files.deleteIfExists(lockFile(directory));
      Files.delete(directory);
    }
  }

  private static boolean isOurs(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
        .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  /** The kernel ends the lock with the process, however it ends. */
  private static Path lockFile(Path directory) {
    return directory.resolve("demo.lock");
  }

  Path directory() {
    return directory;
  }

  Path production() {
    return directory.resolve("production");
  }

  Path dataDirectory() {
    return directory.resolve("data");
  }

  /** Removes all of it; to be called when nothing runs on it any more. */
  @Override
  public void close() throws IOException {
    // Whoever interrupted wants it gone, too.
    boolean interrupted = Thread.interrupted();
    try (lock) {
      PoolImage.remove(dataDirectory());
      removeTrees();
      DirectoryTree.delete(directory);
    } catch (PoolImageException e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void removeTrees() throws IOException {
    if (Files.isDirectory(dataDirectory())) {
      // Sealed trees and subvolumes do not go away like other directories.
      Pool pool = PoolProbe.choose(dataDirectory()).pool();
      for (String kind : List.of("clones", "snapshots")) {
        deleteTrees(pool, dataDirectory().resolve(kind));
      }
    }
  }

  private static void deleteTrees(Pool pool, Path kind) throws IOException {
    if (!Files.isDirectory(kind)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(kind)) {
      for (Path entry : entries) {
        pool.delete(entry.resolve("data"));
      }
    }
  }
}
