package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.embedded.DirectoryTree;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import dev.understudy.testing.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is changed of roles inside an environment, and who gets in by it, where. */
@Timeout(300)
class RolesIT {
  private static final String PASSWORD = "s3cret";
  private static final String OTHER = "an0ther";
  private static final String LET_IN = "let in";
  private static final String WRONG = "28P01";

  private static Path directory;
  private static EmbeddedPostgres production;
  private static Daemon daemon;

  @BeforeAll
  static void start() throws Exception {
    // Short, since unix sockets lie below it.
    directory = Files.createTempDirectory("rol");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    production =
        EmbeddedPostgres.create(
            directory.resolve("production"),
            ServerOptions.of(Installations.embedded()).withSettings(Map.of("fsync", "off")));
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      for (String role : new String[] {"app", "reader", "leaver", "owner"}) {
        statement.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + PASSWORD + "'");
      }
      statement.execute("CREATE ROLE dba LOGIN SUPERUSER PASSWORD '" + PASSWORD + "'");
      statement.execute("CREATE ROLE silent LOGIN");
      statement.execute("CREATE DATABASE shop");
    }
    Files.writeString(hook(), "ALTER ROLE app PASSWORD '" + OTHER + "';");
    daemon = startDaemon();
  }

  private static Path hook() {
    return directory.resolve("hook.sql");
  }

  private static Daemon startDaemon() throws Exception {
    return Daemon.start(
        directory,
        dataDirectory(),
        """
        postgresql.binaries = ["%s"]
        sources.prod { type = directory, directory = "%s", spares = 0 }
        environments {
          "pr-*" { database = shop }
          "nap-*" { database = shop, suspend-after = 2s }
          "hook-*" { database = shop, hooks.after-create = [
            { sql = "%s" } ] }
        }
        users.owner { password = "%s", role = app }
        users.admin { password = "%s", role = app, admin = true }
        listen.throttle = off
        """
            .formatted(
                Installations.embedded(), production.dataDirectory(), hook(), PASSWORD, PASSWORD));
  }

  private static Path dataDirectory() {
    return directory.resolve("u");
  }

  @AfterAll
  static void stop() throws IOException {
    if (daemon != null) {
      daemon.close();
    }
    Daemon.endClones(dataDirectory());
    if (production != null) {
      production.close();
    }
    DirectoryTree.delete(directory);
  }

  @Test
  void aPasswordThatIsChangedCountsInThatEnvironmentAlone() throws Exception {
    asSuperuser("pr-1", "ALTER ROLE app PASSWORD '" + OTHER + "'");

    awaitLogin("app", OTHER, "pr-1", LET_IN);
    assertThat(login("app", PASSWORD, "pr-1")).as("the old one").isEqualTo(WRONG);
    assertThat(login("app", PASSWORD, "pr-2")).as("production's, elsewhere").isEqualTo(LET_IN);
    assertThat(login("app", OTHER, "pr-2")).isEqualTo(WRONG);
    assertThat(login("app", OTHER, "pr-new")).as("nothing is made for it").isEqualTo(WRONG);
    assertThat(environment("pr-new")).doesNotExist();
    assertThat(login("reader", PASSWORD, "pr-1")).as("one that was left alone").isEqualTo(LET_IN);
  }

  @Test
  void whileTheSessionThatChangedItIsStillOpenTheNewOneCounts() throws Exception {
    try (Connection dba = connect("dba", PASSWORD, "pr-3");
        Statement statement = dba.createStatement()) {
      statement.execute("ALTER ROLE reader PASSWORD '" + OTHER + "'");
      awaitLogin("reader", OTHER, "pr-3", LET_IN);
      statement.execute("ALTER ROLE reader PASSWORD NULL");
      awaitLogin("reader", OTHER, "pr-3", WRONG);
      assertThat(login("reader", PASSWORD, "pr-3")).isEqualTo(WRONG);
    }
  }

  @Test
  void rolesThatAreMadeLogInUntilTheirTimeIsOverOrTheyGo() throws Exception {
    asSuperuser(
        "pr-4",
        "CREATE ROLE fresh LOGIN PASSWORD '" + PASSWORD + "'",
        "CREATE ROLE late LOGIN PASSWORD '" + PASSWORD + "' VALID UNTIL '2001-01-01'",
        "ALTER ROLE silent PASSWORD '" + PASSWORD + "'",
        "ALTER ROLE leaver NOLOGIN",
        "DROP ROLE reader");

    awaitLogin("fresh", PASSWORD, "pr-4", LET_IN);
    assertThat(login("late", PASSWORD, "pr-4")).isEqualTo(WRONG);
    assertThat(login("silent", PASSWORD, "pr-4")).isEqualTo(LET_IN);
    assertThat(login("leaver", PASSWORD, "pr-4")).isEqualTo(WRONG);
    assertThat(login("reader", PASSWORD, "pr-4")).isEqualTo(WRONG);
    for (String role : new String[] {"fresh", "silent"}) {
      assertThat(login(role, PASSWORD, "pr-2")).as(role).isEqualTo(WRONG);
    }
    assertThat(login("reader", PASSWORD, "pr-2")).isEqualTo(LET_IN);

    asSuperuser(
        "pr-4",
        "ALTER ROLE late VALID UNTIL 'infinity'",
        "ALTER ROLE leaver LOGIN",
        "DROP ROLE fresh");
    awaitLogin("late", PASSWORD, "pr-4", LET_IN);
    assertThat(login("leaver", PASSWORD, "pr-4")).isEqualTo(LET_IN);
    assertThat(login("fresh", PASSWORD, "pr-4")).isEqualTo(WRONG);
  }

  @Test
  void aSleepingEnvironmentIsWokenByWhatItKnewAndSoIsOneOfAnEarlierDaemon() throws Exception {
    asSuperuser(
        "nap-1",
        "ALTER ROLE app PASSWORD '" + OTHER + "'",
        "CREATE ROLE fresh LOGIN PASSWORD '" + PASSWORD + "'");
    Await.soon("asleep", () -> daemon.log().contains("environment nap-1: put to sleep"));

    assertThat(login("app", PASSWORD, "nap-1")).isEqualTo(WRONG);
    assertThat(login("fresh", PASSWORD, "nap-1")).isEqualTo(LET_IN);

    daemon.close();
    daemon = startDaemon();
    assertThat(login("app", OTHER, "nap-1")).isEqualTo(LET_IN);
    assertThat(login("app", PASSWORD, "nap-1")).isEqualTo(WRONG);
  }

  @Test
  void aBranchHasTheRolesOfItsParentAndAResetTakesThemAway() throws Exception {
    asSuperuser("pr-5", "CREATE ROLE fresh LOGIN PASSWORD '" + PASSWORD + "'");
    awaitLogin("fresh", PASSWORD, "pr-5", LET_IN);

    console("CREATE ENVIRONMENT pr-6 FROM ENVIRONMENT pr-5");
    assertThat(login("fresh", PASSWORD, "pr-6")).isEqualTo(LET_IN);

    console("RESET ENVIRONMENT pr-5 FORCE");
    assertThat(login("fresh", PASSWORD, "pr-5")).isEqualTo(WRONG);
    assertThat(login("app", PASSWORD, "pr-5")).isEqualTo(LET_IN);
    assertThat(login("fresh", PASSWORD, "pr-6")).isEqualTo(LET_IN);

    console("DROP ENVIRONMENT pr-6");
    assertThat(login("fresh", PASSWORD, "pr-6")).as("and nothing is made").isEqualTo(WRONG);
    assertThat(environment("pr-6")).doesNotExist();
    console("UNDROP ENVIRONMENT pr-6");
    assertThat(login("fresh", PASSWORD, "pr-6")).isEqualTo(LET_IN);
  }

  @Test
  void whatAHookSetsCountsFromTheFirstSecond() throws Exception {
    console("CREATE ENVIRONMENT hook-1");

    awaitLogin("app", OTHER, "hook-1", LET_IN);
    assertThat(login("app", PASSWORD, "hook-1")).isEqualTo(WRONG);
    assertThat(login("reader", PASSWORD, "hook-1")).isEqualTo(LET_IN);
  }

  @Test
  void aSuperuserMakesNoLoginsBeyondTheEnvironment() throws Exception {
    asSuperuser(
        "pr-7",
        "ALTER ROLE owner PASSWORD '" + OTHER + "'",
        "CREATE ROLE admin SUPERUSER LOGIN PASSWORD '" + OTHER + "'",
        "CREATE ROLE fresh SUPERUSER LOGIN PASSWORD '" + OTHER + "'");
    awaitLogin("fresh", OTHER, "pr-7", LET_IN);

    for (String user : new String[] {"owner", "admin"}) {
      assertThat(login(user, OTHER, "pr-7")).as("a user of the settings").isEqualTo(WRONG);
      assertThat(login(user, PASSWORD, "pr-7")).isEqualTo(LET_IN);
    }
    for (String user : new String[] {"fresh", "admin"}) {
      assertThat(outcome(user, OTHER, "understudy")).as("the console").isEqualTo(WRONG);
      assertThat(login(user, OTHER, "pr-8")).as("another environment").isEqualTo(WRONG);
    }
    assertThat(outcome("fresh", OTHER, "shop")).as("no environment").isEqualTo(WRONG);
    assertThat(environment("pr-8")).doesNotExist();
  }

  @Test
  void whatCannotBeAPasswordLetsNobodyInAndOthersAsBefore() throws Exception {
    asSuperuser(
        "pr-9",
        "CREATE ROLE fresh LOGIN PASSWORD '" + PASSWORD + "'",
        "UPDATE pg_authid SET rolpassword = 'plain' WHERE rolname = 'app'",
        "UPDATE pg_authid SET rolpassword = repeat('x', 500000) WHERE rolname = 'leaver'");

    awaitLogin("fresh", PASSWORD, "pr-9", LET_IN);
    assertThat(login("app", "plain", "pr-9")).isEqualTo(WRONG);
    assertThat(login("app", PASSWORD, "pr-9")).isEqualTo(WRONG);
    assertThat(login("leaver", PASSWORD, "pr-9")).isEqualTo(WRONG);
    assertThat(login("reader", PASSWORD, "pr-9")).isEqualTo(LET_IN);
    Await.soon(
        "a warning",
        () ->
            daemon
                .log()
                .contains("environment pr-9: 2 of its roles have a password that is no verifier"));
  }

  private static Path environment(String name) {
    return dataDirectory().resolve("environments/" + name + ".json");
  }

  private static void asSuperuser(String environment, String... statements) throws SQLException {
    try (Connection dba = connect("dba", PASSWORD, environment);
        Statement statement = dba.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void console(String command) throws SQLException {
    try (Connection console = open("admin", PASSWORD, "understudy");
        Statement statement = console.createStatement()) {
      statement.execute(command);
    }
  }

  private static void awaitLogin(String user, String password, String environment, String outcome)
      throws Exception {
    Await.soon(
        user + " in " + environment + ": " + outcome,
        () -> login(user, password, environment).equals(outcome));
  }

  /** "let in", or the SQLSTATE. */
  private static String login(String user, String password, String environment) {
    return outcome(user, password, "shop@" + environment);
  }

  private static String outcome(String user, String password, String database) {
    try {
      open(user, password, database).close();
      return LET_IN;
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  private static Connection connect(String user, String password, String environment)
      throws SQLException {
    return open(user, password, "shop@" + environment);
  }

  private static Connection open(String user, String password, String database)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + daemon.port() + "/" + database.replace("@", "%40"),
        properties);
  }
}
