package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Who gets in, by production's roles, by what a clone says itself, and by listen.hba. */
class AccessIT {
  private static final String PASSWORD = "s3cret";
  private static final String WRONG = "password authentication failed for user ";

  private static Path directory;
  private static EmbeddedPostgres production;
  private static Daemon daemon;

  @BeforeAll
  static void start() throws Exception {
    // Short, since unix sockets lie below it.
    directory = Files.createTempDirectory("acc");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path home = Installations.embedded();
    production =
        EmbeddedPostgres.create(
            directory.resolve("production"),
            ServerOptions.of(home).withSettings(Map.of("fsync", "off")));
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      role(statement, "app", "LOGIN");
      role(statement, "limited", "LOGIN CONNECTION LIMIT 1");
      role(statement, "nobody_in", "LOGIN CONNECTION LIMIT 0");
      role(statement, "dba", "LOGIN SUPERUSER CONNECTION LIMIT 0");
      role(statement, "group_role", "NOLOGIN");
      role(statement, "expired", "LOGIN VALID UNTIL '2001-01-01'");
      role(statement, "never_valid", "LOGIN VALID UNTIL '-infinity'");
      role(statement, "valid", "LOGIN VALID UNTIL 'infinity'");
      role(statement, "guest", "LOGIN");
      statement.execute("CREATE DATABASE shop");
      statement.execute("CREATE DATABASE narrow CONNECTION LIMIT 1");
    }
    daemon =
        Daemon.start(
            directory,
            dataDirectory(),
            """
            postgresql.binaries = ["%s"]
            sources.prod { type = directory, directory = "%s", spares = 0 }
            environments { "pr-*" { database = shop }, "demo-*" { database = shop } }
            users.owner { password = "%s", role = group_role }
            listen.hba = [
              { user = [guest], environment = ["demo-*"], database = [shop], method = allow }
              { user = [guest], method = reject }
              { address = ["127.0.0.1"], method = allow }
            ]
            """
                .formatted(home, production.dataDirectory(), PASSWORD));
  }

  private static void role(Statement statement, String name, String options) throws SQLException {
    statement.execute("CREATE ROLE " + name + " " + options + " PASSWORD '" + PASSWORD + "'");
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
  void aRolesConnectionLimitHoldsInEachEnvironment() throws Exception {
    try (Connection _ = connect("limited", "shop@pr-1");
        Connection _ = connect("limited", "shop@pr-2")) {
      assertRefused("limited", "shop@pr-1", "53300", "too many connections for role \"limited\"");
    }
    assertRefused("nobody_in", "shop@pr-1", "53300", "too many connections for role");
  }

  @Test
  void aDatabasesConnectionLimitHoldsInEachEnvironmentAndNotForSuperusers() throws Exception {
    try (Connection _ = connect("app", "narrow@pr-1");
        Connection _ = connect("app", "narrow@pr-2");
        Connection _ = connect("app", "shop@pr-1")) {
      assertRefused("app", "narrow@pr-1", "53300", "too many connections for database \"narrow\"");
      connect("dba", "narrow@pr-1").close();
    }
  }

  @Test
  void whoseTimeIsOverOrWhoMayNotLogInFailsLikeAWrongPassword() throws Exception {
    for (String role : new String[] {"expired", "never_valid", "group_role", "stranger"}) {
      assertRefused(role, "shop@pr-9", "28P01", WRONG + "\"" + role + "\"");
    }
    assertThat(environment("pr-9")).as("nothing was made for them").doesNotExist();
    connect("valid", "shop@pr-1").close();
  }

  @Test
  void aUserOfTheSettingsWhoseRoleMayNotLogInIsRefusedByTheClone() {
    assertRefused("owner", "shop@pr-1", "28000", "role \"group_role\" is not permitted to log in");
  }

  @Test
  void theConnectionLimitsOfACloneHoldThere() throws Exception {
    try (Connection dba = connect("dba", "shop@pr-4");
        Statement statement = dba.createStatement()) {
      statement.execute("ALTER ROLE app CONNECTION LIMIT 0");
      assertRefused("app", "shop@pr-4", "53300", "too many connections for role \"app\"");
      statement.execute("ALTER DATABASE shop CONNECTION LIMIT 0");
      assertRefused("valid", "shop@pr-4", "53300", "too many connections for database \"shop\"");
    }
    connect("app", "shop@pr-1").close();
    connect("valid", "shop@pr-1").close();
  }

  @Test
  void theFirstRuleThatMatchesDecides() throws Exception {
    connect("guest", "shop@demo-1").close();
    assertRefused("guest", "narrow@demo-1", "28000", "listen.hba rejects connection for host");
    assertRefused(
        "guest",
        "shop@pr-8",
        "28000",
        "listen.hba rejects connection for host \"127.0.0.1\", user \"guest\", environment"
            + " \"pr-8\", database \"shop\", no encryption");
    assertThat(environment("pr-8")).as("nothing was made for it").doesNotExist();
  }

  private static Path environment(String name) {
    return dataDirectory().resolve("environments/" + name + ".json");
  }

  private static void assertRefused(String user, String database, String sqlState, String message) {
    assertThatThrownBy(() -> connect(user, database).close())
        .as("%s in %s", user, database)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> {
              assertThat(e.getMessage()).contains(message);
              assertThat(e.getSQLState()).isEqualTo(sqlState);
            });
  }

  private static Connection connect(String user, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", PASSWORD);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + daemon.port() + "/" + database.replace("@", "%40"),
        properties);
  }
}
