package dev.understudy.integration;

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
import org.jspecify.annotations.Nullable;

/**
 * A production server with a small shop, and the daemon in front of it. Closing it ends both and
 * all clones.
 */
final class Shop implements AutoCloseable {
  static final String PASSWORD = "s3cret";
  static final int CUSTOMERS = 1000;

  private final Path home;
  private final Path directory;
  private final @Nullable LoopImage image;
  private final EmbeddedPostgres production;
  private Daemon daemon;

  private Shop(
      Path home,
      Path directory,
      @Nullable LoopImage image,
      EmbeddedPostgres production,
      Daemon daemon) {
    this.home = home;
    this.directory = directory;
    this.image = image;
    this.production = production;
    this.daemon = daemon;
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
    // Short, since unix sockets lie below it.
    Path directory = Files.createTempDirectory("shop");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    LoopImage image = fileSystem == null ? null : LoopImage.create(directory, fileSystem, 4096);
    EmbeddedPostgres production =
        EmbeddedPostgres.create(
            directory.resolve("production"),
            ServerOptions.of(home).withSettings(Map.of("fsync", "off")));
    fill(production);
    Path dataDirectory = dataDirectory(directory, image);
    Daemon daemon =
        Daemon.start(directory, dataDirectory, settings(home, production, environments));
    return new Shop(home, directory, image, production, daemon);
  }

  private static void fill(EmbeddedPostgres production) throws SQLException {
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE app LOGIN PASSWORD '" + PASSWORD + "'");
      statement.execute("CREATE DATABASE shop OWNER app");
    }
    try (Connection connection = production.connect("shop", "app");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE customer AS SELECT n AS id, 'customer ' || n AS name"
              + " FROM generate_series(1, %d) n".formatted(CUSTOMERS));
    }
  }

  private static String settings(Path home, EmbeddedPostgres production, String environments) {
    return """
    postgresql.binaries = ["%s"]
    sources.prod { type = directory, directory = "%s" }
    environments { %s }
    """
        .formatted(home, production.dataDirectory(), environments);
  }

  private static Path dataDirectory(Path directory, @Nullable LoopImage image) {
    return (image == null ? directory : image.mountPoint()).resolve("u");
  }

  Path dataDirectory() {
    return dataDirectory(directory, image);
  }

  Daemon daemon() {
    return daemon;
  }

  EmbeddedPostgres production() {
    return production;
  }

  /** Starts a daemon again on the same data, after the one before has ended. */
  void restart(String environments) throws Exception {
    daemon = Daemon.start(directory, dataDirectory(), settings(home, production, environments));
  }

  /** A connection of {@code app} through the proxy. */
  Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "app");
    properties.setProperty("password", PASSWORD);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + daemon.port() + "/" + database.replace("@", "%40"),
        properties);
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
    daemon.close();
    Daemon.endClones(dataDirectory());
    production.close();
    if (image != null) {
      image.close();
    }
    DirectoryTree.delete(directory);
  }
}
