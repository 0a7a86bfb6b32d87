import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** pgjdbc against an environment; ../README.md has the variables. */
final class PgjdbcWalk {
  private static final String DATABASE_FORM = "/" + Walk.DATABASE + "%40" + Walk.ENVIRONMENT;

  public static void main(String[] args) throws Exception {
    Connection sleeper = connect("/" + Walk.DATABASE + "%40" + Walk.NAP);
    Walk.step("lie down", () -> execute(sleeper, "CREATE TABLE kept AS SELECT 7 AS n"));
    Walk.step("every form of name", PgjdbcWalk::everyFormOfName);
    Walk.step("metadata by the name of the catalog", PgjdbcWalk::metadata);
    Walk.step("migration", PgjdbcWalk::migration);
    Walk.step("prepared statements", PgjdbcWalk::preparedStatements);
    Walk.step("copy both ways", PgjdbcWalk::copyBothWays);
    Walk.step("SQLSTATEs", PgjdbcWalk::sqlstates);
    Walk.step("cancel", PgjdbcWalk::cancel);
    Walk.step("big result", PgjdbcWalk::bigResult);
    Walk.step("refusals", PgjdbcWalk::refusals);
    Walk.step(
        "wake",
        () -> {
          SQLException end = Walk.untilItSleeps(SQLException.class, () -> ask(sleeper, "SELECT 1"));
          Walk.same("57P01", end.getSQLState());
          try (Connection woken = connect("/" + Walk.DATABASE + "%40" + Walk.NAP)) {
            Walk.same("7", ask(woken, "SELECT n FROM kept"));
          }
        });
  }

  private static void everyFormOfName() throws Exception {
    List<Connection> connections =
        List.of(
            connect(DATABASE_FORM),
            connect("/" + Walk.DATABASE + "@" + Walk.ENVIRONMENT),
            connect("/" + Walk.ENVIRONMENT),
            connect("/" + Walk.DATABASE, "user", Walk.LOGIN + "@" + Walk.ENVIRONMENT),
            connect("/" + Walk.DATABASE, "options", Walk.OPTIONS),
            connectAsPrinted());
    for (Connection connection : connections) {
      try (connection) {
        Walk.same(Walk.ENVIRONMENT, ask(connection, "SHOW understudy.environment"));
        Walk.same(Walk.DATABASE, ask(connection, "SELECT current_database()"));
      }
    }
  }

  /** Migration tools and ORMs ask for their tables by what the driver calls the catalog. */
  private static void metadata() throws SQLException {
    try (Connection connection = connectAsPrinted()) {
      Walk.same(Walk.DATABASE, connection.getCatalog());
      try (ResultSet tables =
          connection.getMetaData().getTables(connection.getCatalog(), "public", "customer", null)) {
        Walk.same(true, tables.next());
      }
      try (ResultSet columns =
          connection.getMetaData().getColumns(connection.getCatalog(), "public", "customer", "%")) {
        Walk.same(true, columns.next());
      }
    }
    try (Connection connection = connect(DATABASE_FORM);
        ResultSet tables =
            connection.getMetaData().getTables(connection.getCatalog(), null, "customer", null)) {
      System.out.println(
          "database form: catalog " + connection.getCatalog() + ", found " + tables.next());
    }
  }

  private static void migration() throws SQLException {
    try (Connection connection = connect(DATABASE_FORM)) {
      connection.setAutoCommit(false);
      execute(connection, "CREATE TABLE java_walk (id int PRIMARY KEY, note text)");
      execute(connection, "ALTER TABLE customer ADD COLUMN java_note int REFERENCES java_walk");
      execute(connection, "CREATE INDEX ON customer (java_note)");
      connection.commit();
    }
  }

  private static void preparedStatements() throws SQLException {
    try (Connection connection = connect(DATABASE_FORM);
        PreparedStatement statement = connection.prepareStatement("SELECT ?::int * 2")) {
      // From the fifth on the driver prepares it on the server.
      for (int n = 0; n < 10; n++) {
        statement.setInt(1, n);
        try (ResultSet result = statement.executeQuery()) {
          result.next();
          Walk.same(2 * n, result.getInt(1));
        }
      }
      Walk.same("1", ask(connection, "SELECT count(*) FROM pg_prepared_statements"));
    }
  }

  private static void copyBothWays() throws Exception {
    byte[] lines =
        IntStream.range(0, 10_000)
            .mapToObj(n -> n + "\tnote " + n + "\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8);
    try (Connection connection = connect(DATABASE_FORM)) {
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      copy.copyIn("COPY java_walk FROM STDIN", new ByteArrayInputStream(lines));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      copy.copyOut("COPY (SELECT * FROM java_walk ORDER BY id) TO STDOUT", out);
      Walk.same(new String(lines, StandardCharsets.UTF_8), out.toString(StandardCharsets.UTF_8));
    }
  }

  private static void sqlstates() throws Exception {
    try (Connection connection = connect(DATABASE_FORM)) {
      for (var expected : Walk.SQLSTATES.entrySet()) {
        SQLException failure =
            Walk.fails(SQLException.class, () -> ask(connection, expected.getKey()));
        Walk.same(expected.getValue(), failure.getSQLState());
      }
    }
  }

  /** By the timer of the driver, whose cancel is the same as {@code Statement.cancel}. */
  private static void cancel() throws Exception {
    try (Connection connection = connect(DATABASE_FORM);
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      SQLException failure =
          Walk.fails(SQLException.class, () -> statement.executeQuery("SELECT pg_sleep(600)"));
      Walk.same("57014", failure.getSQLState());
      Walk.same("1", ask(connection, "SELECT 1"));
    }
  }

  private static void bigResult() throws SQLException {
    try (Connection connection = connect(DATABASE_FORM);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
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
  }

  private static void refusals() throws Exception {
    refused("28P01", DATABASE_FORM, "password", "wrong");
    refused("28P01", DATABASE_FORM, "user", "nobody-of-that-name");
    refused("22023", "/" + Walk.DATABASE + "%40no_such_name_");
    refused("3D000", "/" + Walk.DATABASE);
  }

  private static void refused(String sqlstate, String path, String... more) throws Exception {
    SQLException failure = Walk.fails(SQLException.class, () -> connect(path, more));
    Walk.same(sqlstate, failure.getSQLState());
  }

  private static Connection connect(String path, String... more) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", Walk.LOGIN);
    properties.setProperty("password", Walk.PASSWORD);
    properties.setProperty("sslmode", Walk.isTls() ? "verify-full" : "disable");
    if (Walk.isTls()) {
      properties.setProperty("sslrootcert", Walk.ROOT_CERTIFICATE);
    }
    for (int i = 0; i < more.length; i += 2) {
      properties.setProperty(more[i], more[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://" + Walk.HOST + ":" + Walk.PORT + path, properties);
  }

  private static Connection connectAsPrinted() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("password", Walk.PASSWORD);
    return DriverManager.getConnection(Walk.URL, properties);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }
}
