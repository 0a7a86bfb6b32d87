package dev.understudy.server.demo;

import static java.util.Objects.requireNonNull;

import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** The production server of the demo, with a shop in it. Removed with all its data when closed. */
final class ShopProduction implements AutoCloseable {
  static final String DATABASE = "shop";
  static final String LOGIN = "app";
  static final String PASSWORD = "app";

  private static final String SUPERUSER = "postgres";

  private final EmbeddedPostgres server;

  private ShopProduction(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * @param home an installation whose {@code bin/} holds {@code postgres}
   */
  static ShopProduction create(Path directory, Path home)
      throws IOException, InterruptedException, SQLException {
    ServerOptions options =
        ServerOptions.of(home)
            .withSettings(
                // A small production, made in seconds; it is thrown away with the demo.
                Map.of(
                    "fsync", "off",
                    "max_wal_size", "128MB",
                    "min_wal_size", "32MB",
                    "shared_buffers", "32MB"));
    ShopProduction production = new ShopProduction(EmbeddedPostgres.create(directory, options));
    boolean filled = false;
    try {
      production.fill();
      filled = true;
      return production;
    } finally {
      if (!filled) {
        production.closeUndisturbed();
      }
    }
  }

  /** An interrupt may be why we are here; the server is stopped properly nevertheless. */
  private void closeUndisturbed() throws IOException {
    boolean interrupted = Thread.interrupted();
    close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  Path dataDirectory() {
    return server.dataDirectory();
  }

  Path socketDirectory() {
    return server.socketDirectory();
  }

  /** As superuser, around Understudy. */
  Connection connect() throws SQLException {
    return server.connect(DATABASE, SUPERUSER);
  }

  long rows() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet counts =
            statement.executeQuery(
                "SELECT sum(reltuples)::bigint FROM pg_stat_user_tables JOIN pg_class ON oid ="
                    + " relid")) {
      counts.next();
      return counts.getLong(1);
    }
  }

  private void fill() throws SQLException, IOException {
    try (Connection connection = server.connect(SUPERUSER, SUPERUSER);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    }
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(resource("shop.sql"));
      statement.execute("VACUUM ANALYZE");
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ShopProduction.class.getResourceAsStream(name)) {
      byte[] bytes = requireNonNull(in, name + " is missing").readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
