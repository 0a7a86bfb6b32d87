import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/** Flyway against an environment; ../README.md has the variables. */
final class FlywayWalk {
  /** What a script of SQL cannot do; one of Java is given the connection. */
  public static final class V5__Session extends BaseJavaMigration {
    @Override
    public void migrate(Context context) throws Exception {
      JdbcSession.walk(context.getConnection());
    }
  }

  public static void main(String[] args) throws IOException {
    for (String url : Jdbc.urls("flyway.md", "FLYWAY_URL")) {
      Walk.step("migration by " + url.replaceFirst("[?].*", ""), () -> migrate(url));
    }
    Walk.step("prepared statements, COPY, cancel and big result", FlywayWalk::session);
    Walk.step("SQLSTATE of a migration that fails", FlywayWalk::failure);
    Walk.step("wake", FlywayWalk::wake);
  }

  private static FluentConfiguration configure(String url) {
    return Flyway.configure()
        .dataSource(url, null, Walk.PASSWORD)
        .locations("filesystem:flyway")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .cleanDisabled(false);
  }

  private static void migrate(String url) throws SQLException {
    Flyway flyway = configure(url).load();
    try (Connection connection = Jdbc.connect(url)) {
      Walk.same(Walk.ENVIRONMENT, Jdbc.ask(connection, "SHOW understudy.environment"));
      fillCustomers(connection);
    }
    Walk.same(5, flyway.migrate().migrationsExecuted);
    flyway.validate();
    Walk.same(0, flyway.migrate().migrationsExecuted);
    try (Connection connection = Jdbc.connect(url)) {
      Walk.same("1000", Jdbc.ask(connection, "SELECT count(*) FROM totals"));
      Walk.same("3", Jdbc.ask(connection, "SELECT count(*) FROM purchase WHERE note LIKE 'COPY%'"));
    }
    flyway.clean();
  }

  /** With what an earlier clean has taken away. */
  private static void fillCustomers(Connection connection) throws SQLException {
    connection.createStatement().execute("CREATE TABLE IF NOT EXISTS customer (id int, name text)");
    connection
        .createStatement()
        .execute(
            "INSERT INTO customer SELECT n FROM generate_series(1, 1000) n"
                + " WHERE NOT EXISTS (SELECT FROM customer)");
  }

  private static void session() throws SQLException {
    try (Connection connection = Jdbc.connect(Walk.URL)) {
      fillCustomers(connection);
    }
    Flyway flyway = configure(Walk.URL).javaMigrations(new V5__Session()).load();
    Walk.same(6, flyway.migrate().migrationsExecuted);
    flyway.clean();
  }

  private static void failure() throws Exception {
    Flyway flyway =
        configure(Walk.URL).locations("filesystem:flyway").initSql("SELECT 1 / 0").load();
    FlywayException failure = Walk.fails(FlywayException.class, flyway::migrate);
    Walk.same("22012", Jdbc.sqlState(failure));
  }

  private static void wake() throws Exception {
    try (Connection sleeper = Jdbc.connect(Jdbc.nap())) {
      sleeper.createStatement().execute("CREATE TABLE kept AS SELECT 7 AS n");
      SQLException end =
          Walk.untilItSleeps(SQLException.class, () -> Jdbc.ask(sleeper, "SELECT 1"));
      Walk.same("57P01", end.getSQLState());
    }
    Walk.same(5, configure(Jdbc.nap()).load().migrate().migrationsExecuted);
  }
}
