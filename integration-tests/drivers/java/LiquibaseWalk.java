import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.change.custom.CustomTaskChange;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CustomChangeException;
import liquibase.exception.LiquibaseException;
import liquibase.exception.ValidationErrors;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.resource.ResourceAccessor;
import liquibase.snapshot.SnapshotControl;
import liquibase.snapshot.SnapshotGeneratorFactory;
import liquibase.structure.core.Table;

/** Liquibase against an environment; ../README.md has the variables. */
final class LiquibaseWalk {
  private static final Contexts ALL = new Contexts();

  /** What no other change can do; this one is given the connection. */
  public static final class SessionChange implements CustomTaskChange {
    @Override
    public void execute(Database database) throws CustomChangeException {
      try {
        JdbcSession.walk(((JdbcConnection) database.getConnection()).getUnderlyingConnection());
      } catch (Exception e) {
        throw new CustomChangeException(e);
      }
    }

    @Override
    public String getConfirmationMessage() {
      return "walked";
    }

    @Override
    public void setUp() {}

    @Override
    public void setFileOpener(ResourceAccessor files) {}

    @Override
    public ValidationErrors validate(Database database) {
      return new ValidationErrors();
    }
  }

  private interface Use {
    void of(Liquibase liquibase) throws Exception;
  }

  public static void main(String[] args) throws IOException {
    for (String url : Jdbc.urls("liquibase.md", "LIQUIBASE_COMMAND_URL")) {
      Walk.step(
          "migration by " + url.replaceFirst("[?].*", ""),
          () -> with(url, "changelog.xml", liquibase -> migrate(liquibase, url)));
    }
    Walk.step(
        "tables by the name of the catalog",
        () -> with(Walk.URL, "changelog.xml", LiquibaseWalk::snapshot));
    Walk.step(
        "prepared statements, COPY, cancel and big result",
        () -> with(Walk.URL, "session.xml", liquibase -> liquibase.update(ALL)));
    Walk.step(
        "SQLSTATE of a migration that fails",
        () -> with(Walk.URL, "failure.xml", LiquibaseWalk::failure));
    Walk.step("wake", LiquibaseWalk::wake);
  }

  private static void with(String url, String changelog, Use use) throws Exception {
    try (Connection connection = Jdbc.connect(url)) {
      Walk.same(
          url.equals(Jdbc.nap()) ? Walk.NAP : Walk.ENVIRONMENT,
          Jdbc.ask(connection, "SHOW understudy.environment"));
      Database database =
          DatabaseFactory.getInstance()
              .findCorrectDatabaseImplementation(new JdbcConnection(connection));
      try (Liquibase liquibase =
          new Liquibase(changelog, new DirectoryResourceAccessor(Path.of("liquibase")), database)) {
        use.of(liquibase);
      }
    }
  }

  private static void migrate(Liquibase liquibase, String url) throws Exception {
    liquibase.update(ALL);
    Walk.same(0, liquibase.listUnrunChangeSets(ALL, new LabelExpression()).size());
    try (Connection connection = Jdbc.connect(url)) {
      Walk.same("1000", Jdbc.ask(connection, "SELECT count(*) FROM purchase"));
    }
    liquibase.rollback(2, ALL, new LabelExpression());
    Walk.same(2, liquibase.listUnrunChangeSets(ALL, new LabelExpression()).size());
  }

  private static void snapshot(Liquibase liquibase) throws Exception {
    Database database = liquibase.getDatabase();
    Walk.same(Walk.DATABASE, database.getDefaultCatalogName());
    var snapshot =
        SnapshotGeneratorFactory.getInstance()
            .createSnapshot(
                database.getDefaultSchema(), database, new SnapshotControl(database, Table.class));
    Walk.same(
        true,
        snapshot.get(Table.class).stream().anyMatch(table -> table.getName().equals("customer")));
  }

  private static void failure(Liquibase liquibase) throws Exception {
    LiquibaseException failure =
        Walk.fails(
            LiquibaseException.class,
            () -> {
              liquibase.update(ALL);
              return null;
            });
    Walk.same("22012", Jdbc.sqlState(failure));
  }

  private static void wake() throws Exception {
    try (Connection sleeper = Jdbc.connect(Jdbc.nap())) {
      sleeper.createStatement().execute("CREATE TABLE kept AS SELECT 7 AS n");
      SQLException end =
          Walk.untilItSleeps(SQLException.class, () -> Jdbc.ask(sleeper, "SELECT 1"));
      Walk.same("57P01", end.getSQLState());
    }
    with(Jdbc.nap(), "changelog.xml", liquibase -> liquibase.update(ALL));
  }
}
