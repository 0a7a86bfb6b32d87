import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** What a session of pgjdbc does, whoever has opened it. */
final class JdbcSession {
  private JdbcSession() {}

  /** All of it, in the transaction that a tool may have begun, which stays as it was. */
  static void walk(Connection connection) throws Exception {
    preparedStatements(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMPORARY TABLE copied (id int, note text)");
    }
    copyBothWays(connection, "copied");
    cancel(connection);
    bigResult(connection);
  }

  static void preparedStatements(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT ?::int * 2")) {
      // From the fifth on the driver prepares it on the server.
      for (int n = 0; n < 10; n++) {
        statement.setInt(1, n);
        try (ResultSet result = statement.executeQuery()) {
          result.next();
          Walk.same(2 * n, result.getInt(1));
        }
      }
      Walk.same(
          "1",
          Jdbc.ask(
              connection,
              "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1::int *"
                  + " 2'"));
    }
  }

  static void copyBothWays(Connection connection, String table) throws Exception {
    byte[] lines =
        IntStream.range(0, 10_000)
            .mapToObj(n -> n + "\tnote " + n + "\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8);
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    copy.copyIn("COPY " + table + " FROM STDIN", new ByteArrayInputStream(lines));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    copy.copyOut("COPY (SELECT * FROM " + table + " ORDER BY id) TO STDOUT", out);
    Walk.same(new String(lines, StandardCharsets.UTF_8), out.toString(StandardCharsets.UTF_8));
  }

  /** By the timer of the driver, whose cancel is the same as {@code Statement.cancel}. */
  static void cancel(Connection connection) throws Exception {
    Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      SQLException failure =
          Walk.fails(SQLException.class, () -> statement.executeQuery("SELECT pg_sleep(600)"));
      Walk.same("57014", failure.getSQLState());
    }
    if (before != null) {
      connection.rollback(before);
    }
    Walk.same("1", Jdbc.ask(connection, "SELECT 1"));
  }

  static void bigResult(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    // Only in a transaction the driver fetches a part at a time.
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(10_000);
      try (ResultSet result =
          statement.executeQuery("SELECT n, repeat('x', 30) FROM generate_series(1, 500000) n")) {
        int rows = 0;
        while (result.next()) {
          rows++;
        }
        Walk.same(500_000, rows);
      }
    }
    connection.setAutoCommit(autoCommit);
  }
}
