package dev.understudy.benchmarks;

import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A production server of a wanted size; its one login is {@code app}. */
record Production(EmbeddedPostgres server, long bytes) implements AutoCloseable {
  static final String PASSWORD = "benchmark";

  private static final long ROWS_AT_ONCE = 1_000_000;

  /** Rows are of 1 kB, so a million make a gigabyte. */
  static Production create(Path directory, Path home, double gigabytes)
      throws IOException, InterruptedException, SQLException {
    Map<String, String> settings =
        Map.of("fsync", "off", "max_wal_size", "8GB", "shared_buffers", "256MB");
    EmbeddedPostgres server =
        EmbeddedPostgres.create(directory, ServerOptions.of(home).withSettings(settings));
    try (Connection connection = server.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE app LOGIN PASSWORD '" + PASSWORD + "'");
      statement.execute("CREATE DATABASE shop OWNER app");
    }
    try (Connection connection = server.connect("shop", "app");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE item (id bigint, payload text)");
      long rows = Math.round(gigabytes * 1_000_000);
      for (long row = 1; row <= rows; row += ROWS_AT_ONCE) {
        statement.execute(
            "INSERT INTO item SELECT n, repeat(md5(n::text), 29) FROM generate_series(%d, %d) n"
                .formatted(row, Math.min(rows, row + ROWS_AT_ONCE - 1)));
      }
      statement.execute("CREATE INDEX ON item (id)");
      try (ResultSet result = statement.executeQuery("SELECT pg_database_size('shop')")) {
        result.next();
        return new Production(server, result.getLong(1));
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
