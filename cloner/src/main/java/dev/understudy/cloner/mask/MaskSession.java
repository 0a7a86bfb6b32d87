package dev.understudy.cloner.mask;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Sessions that mask. Functions of production's, in indexes and generated columns, find what they
 * name as in production, but nothing comes before PostgreSQL's own.
 */
final class MaskSession {
  /** A statement on a whole table is one answer. */
  private static final Duration STATEMENT = Duration.ofHours(24);

  private static final String SEARCH_PATH =
      """
      SELECT set_config('search_path', concat_ws(', ', 'pg_catalog', nullif(reset_val, '')), false)
      FROM pg_settings WHERE name = 'search_path'\
      """;

  private MaskSession() {}

  static void prepare(Connection connection) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(STATEMENT.toMillis()));
    Query.execute(
        connection,
        SEARCH_PATH,
        "SET DateStyle = 'ISO, YMD'",
        "SET IntervalStyle = 'postgres'",
        "SET TimeZone = 'UTC'",
        "SET standard_conforming_strings = on",
        "SET log_min_error_statement = 'panic'",
        "SET log_parameter_max_length_on_error = 0",
        "SET vacuum_cost_delay = 0");
  }

  /** Names without a schema are looked up in {@code public}. */
  static void prepareForScripts(Connection connection) throws SQLException {
    prepare(connection);
    Query.execute(connection, "SET search_path = public, pg_temp", "SET track_counts = on");
  }
}
