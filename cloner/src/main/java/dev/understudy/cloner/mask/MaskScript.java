package dev.understudy.cloner.mask;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.PreparationException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A file of SQL statements, as it was at the start of the daemon. In it there are statements and
 * comments, and nothing that only psql knows.
 */
record MaskScript(Path path, String text) {
  private static final String TRANSACTION = "SELECT pg_catalog.pg_current_xact_id()::text";

  MaskScript {
    requireNonNull(path, "path is null");
    requireNonNull(text, "text is null");
  }

  /**
   * A statement, and where it stands.
   *
   * @param offset of its first character that is no space
   */
  record Part(int number, int offset, String sql) {}

  List<Part> parts() throws SQLException {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (NativeQuery query : Parser.parseJdbcSql(text, true, false, true, false, false)) {
      String sql = query.nativeSql.strip();
      int offset = text.indexOf(sql, from);
      if (offset < 0) {
        throw new IllegalStateException("a statement is not part of its script");
      }
      from = offset + sql.length();
      if (!sql.isEmpty()) {
        parts.add(new Part(parts.size() + 1, offset, sql));
      }
    }
    return parts;
  }

  /** Runs in one transaction, which is still open when this returns. */
  void run(Connection connection, String database) throws SQLException {
    String before = transaction(connection);
    for (Part part : parts()) {
      try (Statement statement = connection.createStatement()) {
        statement.setEscapeProcessing(false);
        statement.execute(part.sql());
      } catch (SQLException e) {
        throw failure(database, part, e);
      }
    }
    if (!before.equals(transaction(connection))) {
      throw new PreparationException(
          "database %s: the script %s ends its transaction".formatted(database, path),
          null,
          "A script is one transaction: leave out BEGIN, COMMIT and ROLLBACK.",
          null);
    }
  }

  private static String transaction(Connection connection) throws SQLException {
    return Query.rows(connection, row -> row.getString(1), TRANSACTION).getFirst();
  }

  private SQLException failure(String database, Part part, SQLException e) {
    return MaskFailure.of(
        "database %s: the script %s failed in statement %d, line %d"
            .formatted(database, path, part.number(), line(part, e)),
        "Run it by psql in a copy of production, to see all that PostgreSQL says.",
        e);
  }

  private int line(Part part, SQLException e) {
    int position = part.offset();
    ServerErrorMessage error = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    if (error != null && error.getPosition() > 0) {
      position += part.sql().offsetByCodePoints(0, error.getPosition() - 1);
    }
    return 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
  }
}
