package dev.understudy.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An ordinary, unisolated PostgreSQL server with data of its own: the "production" of the demo and
 * of tests. Its superuser is {@code postgres}. Not thread-safe.
 *
 * <p>Its data, its log and its socket, behind which no password may be asked, are open to the
 * server's user and to root only.
 *
 * <p>It runs in a session of its own, so that a terminal's Ctrl-C reaches only us and {@link
 * #close} decides about its end.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private final Path directory;
  private final ServerOptions options;
  private @Nullable Process process;

  private EmbeddedPostgres(Path directory, ServerOptions options) {
    this.directory = directory;
    this.options = options;
  }

  /**
   * Makes the data below a directory and starts the server. The directory must not exist or be
   * empty; its parents must be searchable by the server's user. Of a failure nothing is left.
   * Clusters of one process may have the same system identifier.
   */
  public static EmbeddedPostgres create(Path directory, ServerOptions options)
      throws IOException, InterruptedException {
    return create(directory, options, InitialClusters::make);
  }

  /** The same, with a system identifier of its own. */
  public static EmbeddedPostgres createApart(Path directory, ServerOptions options)
      throws IOException, InterruptedException {
    return create(directory, options, InitialClusters::makeApart);
  }

  private static EmbeddedPostgres create(Path directory, ServerOptions options, Clusters clusters)
      throws IOException, InterruptedException {
    EmbeddedPostgres server = new EmbeddedPostgres(directory.toAbsolutePath(), options);
    boolean started = false;
    try {
      server.initialise(clusters);
      server.start();
      started = true;
      return server;
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  public Path dataDirectory() {
    return directory.resolve("data");
  }

  public Path socketDirectory() {
    return directory.resolve("socket");
  }

  /** The unix socket itself. */
  public Path socket() {
    return socketDirectory().resolve(".s.PGSQL." + port());
  }

  public Path logFile() {
    return directory.resolve("log");
  }

  /** Also the last part of the unix socket's name where there is no TCP. */
  public int port() {
    return options.port() == null ? 5432 : options.port();
  }

  /** A connection over the unix socket. */
  public Connection connect(String database, String user) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("socketFactory", "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
    properties.setProperty("socketFactoryArg", socket().toString());
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    return DriverManager.getConnection("jdbc:postgresql://localhost/" + database, properties);
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Pid of the postmaster. */
  public long pid() {
    return requireNonNull(process, "the server was never started").pid();
  }

  private void initialise(Clusters clusters) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Files.createDirectory(dataDirectory(), permissions("rwx------"));
    Files.createDirectory(socketDirectory(), permissions("rwx------"));
    Files.createFile(logFile(), permissions("rw-------"));
    clusters.make(options.home(), dataDirectory());
    configure();
    Command.own(dataDirectory(), options.uid());
    Command.own(socketDirectory(), options.uid());
  }

  private void configure() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("listen_addresses = '" + (options.port() == null ? "" : "127.0.0.1") + "'");
    lines.add("port = " + port());
    lines.add("unix_socket_directories = '" + socketDirectory() + "'");
    lines.add("unix_socket_permissions = 0700");
    lines.add("password_encryption = 'scram-sha-256'");
    for (Map.Entry<String, String> setting : options.settings().entrySet()) {
      lines.add(setting.getKey() + " = '" + setting.getValue().replace("'", "''") + "'");
    }
    Path file = dataDirectory().resolve("postgresql.conf");
    Files.writeString(file, Files.readString(file) + "\n" + String.join("\n", lines) + "\n");
    Files.write(dataDirectory().resolve("pg_hba.conf"), options.hba());
  }

  /** Starts the server again after {@link #stop} or {@link #kill}; returns when it accepts. */
  public void start() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(options.home().resolve("bin/postgres").toString());
    command.add("-D");
    command.add(dataDirectory().toString());
    Process started =
        new ProcessBuilder(Command.as(options.uid(), command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
            .start();
    process = started;
    Path pidFile = dataDirectory().resolve("postmaster.pid");
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!isReady(pidFile, started.pid())) {
      if (started.waitFor(5, TimeUnit.MILLISECONDS)) {
        throw new IOException("PostgreSQL did not start:\n" + Files.readString(logFile()));
      }
      if (System.nanoTime() > deadline) {
        kill();
        throw new IOException("PostgreSQL was not ready after " + START_TIMEOUT);
      }
    }
  }

  /** The eighth line of postmaster.pid is the postmaster's own word about its state. */
  private static boolean isReady(Path pidFile, long pid) throws IOException {
    if (!Files.exists(pidFile)) {
      return false;
    }
    List<String> lines = Files.readAllLines(pidFile);
    return lines.size() >= 8
        && lines.getFirst().equals(Long.toString(pid))
        && lines.get(7).startsWith("ready");
  }

  /** Fast shutdown; after half a minute SIGKILL. */
  public void stop() throws InterruptedException {
    Process running = process;
    if (running == null || !running.isAlive()) {
      return;
    }
    signal("INT", running.pid());
    if (!running.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      kill();
    }
  }

  /** SIGQUIT: an immediate shutdown as in a crash, so that the next start recovers. */
  public void kill() throws InterruptedException {
    Process running = process;
    if (running != null && running.isAlive()) {
      signal("QUIT", running.pid());
      if (!running.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        running.destroyForcibly().waitFor();
      }
    }
  }

  private static void signal(String name, long pid) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("cannot run kill", e);
    }
  }

  /** Stops the server, at once if the thread is interrupted, and removes its data. */
  @Override
  public void close() throws IOException {
    try {
      stop();
    } catch (InterruptedException e) {
      requireNonNull(process, "process is null").destroyForcibly();
      Thread.currentThread().interrupt();
    }
    DirectoryTree.delete(directory);
  }

  private static FileAttribute<Set<PosixFilePermission>> permissions(String symbolic) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(symbolic));
  }

  /** Where the first content of the data comes from. */
  @FunctionalInterface
  private interface Clusters {
    void make(Path home, Path data) throws IOException, InterruptedException;
  }
}
