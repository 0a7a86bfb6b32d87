import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** pgjdbc against an environment; ../README.md has the variables. */
final class PgjdbcWalk {
  private static final String DATABASE_FORM = "/" + Walk.DATABASE + "%40" + Walk.ENVIRONMENT;

  private interface Use {
    void of(Connection connection) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Connection sleeper = connect("/" + Walk.DATABASE + "%40" + Walk.NAP);
    Walk.step("lie down", () -> execute(sleeper, "CREATE TABLE kept AS SELECT 7 AS n"));
    Walk.step("every form of name", PgjdbcWalk::everyFormOfName);
    Walk.step("metadata by the name of the catalog", PgjdbcWalk::metadata);
    Walk.step("migration", PgjdbcWalk::migration);
    Walk.step("prepared statements", () -> with(JdbcSession::preparedStatements));
    Walk.step(
        "copy both ways",
        () -> with(connection -> JdbcSession.copyBothWays(connection, "java_walk")));
    Walk.step("SQLSTATEs", PgjdbcWalk::sqlstates);
    Walk.step("cancel", () -> with(JdbcSession::cancel));
    Walk.step("big result", () -> with(JdbcSession::bigResult));
    Walk.step("refusals", PgjdbcWalk::refusals);
    Walk.step(
        "wake",
        () -> {
          SQLException end =
              Walk.untilItSleeps(SQLException.class, () -> Jdbc.ask(sleeper, "SELECT 1"));
          Walk.same("57P01", end.getSQLState());
          try (Connection woken = connect("/" + Walk.DATABASE + "%40" + Walk.NAP)) {
            Walk.same("7", Jdbc.ask(woken, "SELECT n FROM kept"));
          }
        });
  }

  private static void everyFormOfName() throws Exception {
    List<Connection> connections = new ArrayList<>();
    connections.add(connect("/" + Walk.DATABASE + "@" + Walk.ENVIRONMENT));
    connections.add(connect("/" + Walk.DATABASE, "options", Walk.OPTIONS));
    for (String url : Jdbc.urls()) {
      connections.add(Jdbc.connect(url));
    }
    for (Connection connection : connections) {
      try (connection) {
        Walk.same(Walk.ENVIRONMENT, Jdbc.ask(connection, "SHOW understudy.environment"));
        Walk.same(Walk.DATABASE, Jdbc.ask(connection, "SELECT current_database()"));
      }
    }
  }

  /** Migration tools and ORMs ask for their tables by what the driver calls the catalog. */
  private static void metadata() throws SQLException {
    try (Connection connection = Jdbc.connect(Walk.URL)) {
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

  private static void with(Use use) throws Exception {
    try (Connection connection = connect(DATABASE_FORM)) {
      use.of(connection);
    }
  }

  private static void sqlstates() throws Exception {
    try (Connection connection = connect(DATABASE_FORM)) {
      for (var expected : Walk.SQLSTATES.entrySet()) {
        SQLException failure =
            Walk.fails(SQLException.class, () -> Jdbc.ask(connection, expected.getKey()));
        Walk.same(expected.getValue(), failure.getSQLState());
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

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
