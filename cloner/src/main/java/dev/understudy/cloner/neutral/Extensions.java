package dev.understudy.cloner.neutral;

import dev.understudy.cloner.snapshot.Finding.Kind;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Takes down which extensions can reach out of a server at a word of any query. They stay, as code
 * depends on them; it is the sandbox that lets them reach nothing.
 */
final class Extensions implements DatabaseWork {
  /** As a list of SQL's. */
  static final String NAMES =
      """
      'adminpack', 'aws_commons', 'aws_lambda', 'aws_s3', 'dblink', 'file_fdw', 'http',
      'kafka_fdw', 'multicorn', 'mysql_fdw', 'oracle_fdw', 'pg_background', 'pg_net',
      'pgagent', 'pgsql_http', 'pljava', 'plperlu', 'plpython3u', 'plpythonu', 'plsh', 'pltclu',
      'postgres_fdw', 'redis_fdw', 'tds_fdw', 'wrappers'\
      """;

  private static final String REACHING_OUT =
      "SELECT extname FROM pg_catalog.pg_extension WHERE extname IN (%s) ORDER BY extname"
          .formatted(NAMES);

  @Override
  public void run(Connection connection, Report report) throws SQLException {
    for (String name : Query.column(connection, REACHING_OUT)) {
      report.found(Kind.EXTENSION, name, "kept: the sandbox lets it reach nothing");
    }
  }
}
