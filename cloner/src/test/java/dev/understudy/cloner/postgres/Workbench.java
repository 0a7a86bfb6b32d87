package dev.understudy.cloner.postgres;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.RunAs;
import dev.understudy.cloner.host.ShortCommand;
import dev.understudy.cloner.sandbox.Bubblewrap;
import dev.understudy.cloner.sandbox.NoSandbox;
import dev.understudy.cloner.sandbox.Sandbox;
import dev.understudy.cloner.sandbox.SandboxFiles;
import dev.understudy.cloner.sandbox.UtilLinux;
import dev.understudy.embedded.EmbeddedBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A daemon's directory with cleanly stopped data directories in it, to start servers on. Like a
 * daemon's, its directories are closed to everybody else.
 */
public final class Workbench implements AutoCloseable {
  /** Debian's, where it is installed. */
  public static final Path DEBIAN_15 = Path.of("/usr/lib/postgresql/15");

  private static final Templates TEMPLATES = new Templates();

  private final Path directory;
  private final Path home;
  private final PostgresBinaries binaries;
  private final Account account;
  private final SandboxedServers servers;

  private Workbench(
      Path directory,
      Path home,
      Account account,
      SandboxedServers servers,
      PostgresBinaries binaries) {
    this.directory = directory;
    this.home = home;
    this.account = account;
    this.servers = servers;
    this.binaries = binaries;
  }

  /** The embedded PostgreSQL, unpacked once for all test runs. */
  public static Path embedded() throws IOException {
    return EmbeddedBinaries.unpack(unpacked());
  }

  /**
   * An installation of this major version; the system property {@code understudy.postgresql.MAJOR}
   * names another one. Skips the test, with the reason, where there is none.
   */
  public static Path home(int major) throws IOException {
    String asked = System.getProperty("understudy.postgresql." + major);
    if (asked != null) {
      return Path.of(asked);
    }
    if (major == 18) {
      return embedded();
    }
    if (major != 15) {
      return OlderPostgres.home(major);
    }
    assumeTrue(Files.isDirectory(DEBIAN_15), "PostgreSQL 15 is not installed");
    return DEBIAN_15;
  }

  /** As {@link #home}, with pg_basebackup, pg_dump, pgbench and the like. */
  public static Path homeWithPrograms(int major) throws IOException {
    Path home = home(major);
    assumeTrue(
        Files.isExecutable(home.resolve("bin/pg_basebackup"))
            && Files.isExecutable(home.resolve("bin/pgbench")),
        "PostgreSQL " + major + " with its client programs is not installed");
    return home;
  }

  static Path unpacked() throws IOException {
    Path shared =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "understudy-test-" + System.getProperty("user.name"));
    Files.createDirectories(shared);
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    return shared;
  }

  /** In an empty directory that everybody may search. */
  public static Workbench make(Path parent, Path home, String sandbox) throws Exception {
    return make(parent, home, sandbox, null);
  }

  /** With clones that run as this user where we are root. */
  public static Workbench make(Path parent, Path home, String sandbox, @Nullable String runAs)
      throws Exception {
    Path directory = parent.resolve("daemon");
    // It may be there already, as a file system of its own.
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Account account = RunAs.resolve(runAs, directory, Set.of());
    PostgresInstallations installations = new PostgresInstallations(List.of(home));
    SandboxedServers servers =
        new SandboxedServers(installations, sandbox(sandbox, directory, account), account);
    return new Workbench(directory, home, account, servers, installations.at(home));
  }

  static Sandbox sandbox(String name, Path directory, Account account) throws IOException {
    SandboxFiles files = SandboxFiles.write(directory.resolve("sandbox"), account);
    return switch (name) {
      case "bubblewrap" -> new Bubblewrap(files, true);
      case "util-linux" -> new UtilLinux(files);
      case "none" -> new NoSandbox(directory);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** A configured data directory, {@code clones/ID/data}. */
  public Path data(String id, ServerConfiguration configuration) throws Exception {
    Path clone = directory.resolve("clones").resolve(id);
    Files.createDirectories(clone);
    ShortCommand.Result copied =
        ShortCommand.run(
            List.of("cp", "-a", TEMPLATES.of(home).toString(), clone.resolve("data").toString()));
    if (!copied.succeeded()) {
      throw new IOException(copied.output());
    }
    servers.configure(clone.resolve("data"), configuration);
    return clone.resolve("data");
  }

  public ServerSpec spec(String id) {
    return spec(id, Map.of());
  }

  public ServerSpec spec(String id, Map<String, String> critical) {
    return new ServerSpec(
        binaries,
        directory.resolve("clones").resolve(id).resolve("data"),
        directory.resolve("run").resolve(id),
        directory.resolve("clones").resolve(id).resolve("server.log"),
        critical);
  }

  public Path directory() {
    return directory;
  }

  public Account account() {
    return account;
  }

  public PostgresBinaries binaries() {
    return binaries;
  }

  public SandboxedServers servers() {
    return servers;
  }

  @Override
  public void close() throws IOException {
    servers.killAllBelow(directory.resolve("clones"));
    servers.close();
  }
}
