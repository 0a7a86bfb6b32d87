package dev.understudy.integration;

import static java.util.Objects.requireNonNull;

import dev.understudy.embedded.DirectoryTree;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import dev.understudy.testing.Daemon;
import dev.understudy.testing.LoopImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A production server with a small shop, and the daemon in front of it. Closing it ends both and
 * all clones.
 */
final class Shop implements AutoCloseable {
  static final String PASSWORD = "s3cret";
  static final int CUSTOMERS = 1000;

  private static final Pattern HTTP = Pattern.compile("HTTP API at (http://127\\.0\\.0\\.1:\\d+)");

  private final Path home;
  private final Path directory;

  /** What is in the settings beside the source and the environments. */
  private final String more;

  private @Nullable LoopImage image;
  private @Nullable EmbeddedPostgres production;
  private @Nullable Daemon daemon;

  private Shop(Path home, Path directory, String more) {
    this.home = home;
    this.directory = directory;
    this.more = more;
  }

  /**
   * Starts all of it.
   *
   * @param home of PostgreSQL
   * @param fileSystem what the daemon's data lies on; null: the file system of temporary files
   * @param environments the {@code environments} section of the settings
   */
  static Shop open(Path home, LoopImage.@Nullable Type fileSystem, String environments)
      throws Exception {
    return open(home, fileSystem, environments, "");
  }

  /**
   * The same.
   *
   * @param more settings, for all daemons
   */
  static Shop open(Path home, LoopImage.@Nullable Type fileSystem, String environments, String more)
      throws Exception {
    // Short, since unix sockets lie below it.
    Path directory = Files.createTempDirectory("shop");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Shop shop = new Shop(home, directory, more);
    boolean open = false;
    try {
      shop.start(fileSystem, environments);
      open = true;
      return shop;
    } finally {
      if (!open) {
        shop.close();
      }
    }
  }

  private void start(LoopImage.@Nullable Type fileSystem, String environments) throws Exception {
    if (fileSystem != null) {
      image = LoopImage.create(directory, fileSystem, 4096);
    }
    production =
        EmbeddedPostgres.create(
            directory.resolve("production"),
            ServerOptions.of(home).withSettings(Map.of("fsync", "off", "wal_level", "logical")));
    fill(production);
    restart(environments);
  }

  private static void fill(EmbeddedPostgres production) throws SQLException {
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE app LOGIN CREATEDB REPLICATION PASSWORD '" + PASSWORD + "'");
      statement.execute("CREATE DATABASE shop OWNER app");
    }
    try (Connection connection = production.connect("shop", "app");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE customer AS SELECT n AS id, 'customer ' || n AS name"
              + " FROM generate_series(1, %d) n".formatted(CUSTOMERS));
    }
  }

  Path dataDirectory() {
    return (image == null ? directory : image.mountPoint()).resolve("u");
  }

  Daemon daemon() {
    return requireNonNull(daemon, "daemon is null");
  }

  /** Of the HTTP API, where the settings have one. */
  String httpAddress() throws IOException {
    // Of the last daemon, where there were more.
    return HTTP.matcher(daemon().log())
        .results()
        .reduce((_, later) -> later)
        .orElseThrow(() -> new IllegalStateException("the settings have no HTTP API"))
        .group(1);
  }

  /** The administrator's. */
  String httpToken() throws IOException {
    return Files.readString(dataDirectory().resolve("http-token")).strip();
  }

  EmbeddedPostgres production() {
    return requireNonNull(production, "production is null");
  }

  /** Starts a daemon, again on the same data if the one before has ended. */
  void restart(String environments) throws Exception {
    restart(environments, Map.of());
  }

  /**
   * The same.
   *
   * @param variables of the daemon's process, beside those of ours
   */
  void restart(String environments, Map<String, String> variables) throws Exception {
    daemon = Daemon.start(directory, dataDirectory(), settings(environments, more), variables);
  }

  /**
   * Has the daemon reload.
   *
   * @param other settings, in place of those that it began with
   * @return what it has logged of that
   */
  String reload(String environments, String other) throws Exception {
    return daemon().reload(settings(environments, other));
  }

  /** Changes the settings file, and tells the daemon nothing. */
  void rewrite(String environments, String other) throws IOException {
    daemon().rewrite(settings(environments, other));
  }

  private String settings(String environments, String others) {
    return """
    postgresql.binaries = ["%s"]
    # Clones are counted.
    sources.prod { type = directory, directory = "%s", spares = 0 }
    environments { %s }
    %s
    """
        .formatted(home, production().dataDirectory(), environments, others);
  }

  /** A connection of {@code app} through the proxy. */
  Connection connect(String database) throws SQLException {
    return connect(database, new Properties());
  }

  /** The same, with more properties of the driver. */
  Connection connect(String database, Properties properties) throws SQLException {
    properties.setProperty("user", "app");
    properties.setProperty("password", PASSWORD);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(url(database), properties);
  }

  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + daemon().port() + "/" + database.replace("@", "%40");
  }

  static long ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public void close() throws IOException {
    if (daemon != null) {
      daemon.close();
    }
    Daemon.endClones(dataDirectory());
    if (production != null) {
      production.close();
    }
    if (image != null) {
      image.close();
    }
    DirectoryTree.delete(directory);
  }
}
