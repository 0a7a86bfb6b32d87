package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.testing.Daemon;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What administrators do to the daemon by psql, and what others are refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ConsoleDaemonIT {
  private static final String ENVIRONMENTS = "\"pr-*\" { source = prod, database = shop }";
  private static final String SETTINGS =
      """
      users.alice { password = a, role = app }
      users.root { password = r, role = postgres, admin = true }
      listen.drain-timeout = 20s
      listen.hba = [
        { user = [alice], environment = ["pr-secret"], method = reject }
        { user = [alice], environment = ["pr-tls"], type = hostssl, method = allow }
        { user = [alice], environment = ["pr-tls"], method = reject }
        { method = allow }
      ]
      """;

  private Shop shop;

  @BeforeAll
  void open() throws Exception {
    shop = Shop.open(Installations.embedded(), null, ENVIRONMENTS, SETTINGS);
  }

  @AfterAll
  void close() throws Exception {
    shop.close();
  }

  @Test
  void nothingIsMadeThatCouldNotBeConnectedTo() throws Exception {
    assertThat(alice("CREATE ENVIRONMENT pr-secret"))
        .contains(
            "ERROR:  listen.hba rejects connection for host \"127.0.0.1\", user \"alice\","
                + " environment \"pr-secret\", no encryption");
    assertThat(alice("CREATE ENVIRONMENT pr-tls")).contains("HINT:  Connect with sslmode=require");
    assertThat(alice("CREATE ENVIRONMENT pr-open")).contains("CREATE ENVIRONMENT");
    assertThat(alice("DROP ENVIRONMENT pr-open")).contains("DROP ENVIRONMENT");
    assertThat(alice("UNDROP ENVIRONMENT pr-open AS pr-secret")).contains("listen.hba rejects");
    assertThat(root("CREATE ENVIRONMENT pr-secret")).contains("CREATE ENVIRONMENT");
    assertThat(root("DROP ENVIRONMENT pr-secret")).contains("DROP ENVIRONMENT");
  }

  @Test
  void aSessionIsKilledWhateverItDoes() throws Exception {
    Process sleeping =
        app().start("shop@pr-kill", "-c", "SELECT pg_sleep(100)", "-c", "SELECT 'awake'");
    try (Connection idle = shop.connect("shop@pr-kill");
        Connection other = shop.connect("shop@pr-kill")) {
      long server = Shop.ask(idle, "SELECT pg_backend_pid()");
      String id = idOfServer(server);
      assertThat(alice("KILL_CLIENT " + id)).contains("ERROR:  must be administrator");
      assertThat(root("KILL_CLIENT " + id)).contains("KILL_CLIENT");
      assertThatThrownBy(() -> Shop.ask(idle, "SELECT 1"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
      assertThat(Shop.ask(other, "SELECT 1")).isOne();

      Await.soon("it sleeps", () -> isActive("psql"));
      assertThat(root("KILL_CLIENT " + id("psql"))).contains("KILL_CLIENT");
      assertThat(Psql.output(sleeping))
          .contains(
              "ERROR:  canceling statement due to user request",
              "FATAL:  terminating connection due to administrator command")
          .doesNotContain("awake");
      assertThat(sleeping.waitFor(30, TimeUnit.SECONDS)).isTrue();
      Await.soon(
          "the statement has ended, too",
          () ->
              Shop.ask(
                      other,
                      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(100)'")
                  == 0);
    }
    assertThat(root("KILL_CLIENT 999999")).contains("ERROR:  there is no session 999999");
    assertThat(shop.daemon().log())
        .contains("operation=\"KILL_CLIENT\" subject=\"", "outcome=42501", "outcome=done");
  }

  @Test
  void settingsAreTakenUpOrNothingIs() throws Exception {
    assertThat(alice("RELOAD")).contains("ERROR:  must be administrator");
    shop.rewrite(
        ENVIRONMENTS + ", \"qa-*\" { source = prod, database = shop }",
        SETTINGS + "listen.host = localhost");
    assertThat(root("RELOAD"))
        .contains("RELOAD", "NOTICE:  listen.host cannot be changed without a restart");
    assertThat(root("SHOW CONFIG")).contains("environments.\"\"qa-*\"\".source\",prod");

    shop.rewrite(ENVIRONMENTS, SETTINGS + "listen.max-connections = none");
    assertThat(root("RELOAD"))
        .contains("ERROR:  the settings cannot be taken up", "listen.max-connections: ", "HINT:");
    assertThat(root("SHOW CONFIG")).contains("environments.\"\"qa-*\"\".source\",prod");
    shop.rewrite(ENVIRONMENTS, SETTINGS);
    assertThat(root("RELOAD")).endsWith("RELOAD\n").doesNotContain("restart", "ERROR");
  }

  @Test
  void theDaemonEndsAsItIsToldTo() throws Exception {
    assertThat(alice("SHUTDOWN")).contains("ERROR:  must be administrator");
    try (Connection session = shop.connect("shop@pr-end")) {
      session.setAutoCommit(false);
      session.createStatement().execute("CREATE TABLE kept (n int)");
      assertThat(root("SHUTDOWN")).startsWith("SHUTDOWN");
      session.commit();
    }
    assertEnded();

    try (Connection session = shop.connect("shop@pr-end")) {
      assertThat(Shop.ask(session, "SELECT count(*) FROM kept")).isZero();
      assertThat(root("SHUTDOWN WAIT_FOR_CLIENTS")).startsWith("SHUTDOWN");
      assertThatThrownBy(() -> shop.connect("shop@pr-end"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P03"));
      assertThat(Shop.ask(session, "SELECT 1")).as("who is in may stay").isOne();
      assertThat(shop.daemon().isAlive()).isTrue();
    }
    assertEnded();

    try (Connection session = shop.connect("shop@pr-end")) {
      session.setAutoCommit(false);
      assertThat(Shop.ask(session, "SELECT 1")).isOne();
      assertThat(root("SHUTDOWN IMMEDIATE")).startsWith("SHUTDOWN");
      assertEnded();
    }
  }

  private void assertEnded() throws Exception {
    Daemon daemon = shop.daemon();
    assertThat(daemon.awaitEnd()).isZero();
    assertThat(daemon.log()).endsWith("Stopped\n");
    shop.restart(ENVIRONMENTS);
  }

  private String alice(String command) throws Exception {
    return new Psql(shop.daemon().port(), "alice", "a").run("understudy", "-c", command);
  }

  private String root(String command) throws Exception {
    return new Psql(shop.daemon().port(), "root", "r").run("understudy", "-c", command);
  }

  private Psql app() {
    return new Psql(shop.daemon().port(), "app", Shop.PASSWORD);
  }

  private boolean isActive(String application) {
    try {
      return root("SHOW CLIENTS").lines().anyMatch(line -> isOf(line, application));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isOf(String line, String application) {
    return line.contains("shop@pr-kill,none,active,") && line.contains("," + application + ",");
  }

  /** Of the session in pr-kill that is active. */
  private String id(String application) throws Exception {
    String line =
        root("SHOW CLIENTS")
            .lines()
            .filter(client -> isOf(client, application))
            .findFirst()
            .orElseThrow();
    return fields(line).get(20);
  }

  /** Of the client whose server's process has that number. */
  private String idOfServer(long pid) throws Exception {
    String server =
        root("SHOW SERVERS")
            .lines()
            .filter(line -> line.contains("shop@pr-kill") && line.contains("," + pid + ","))
            .findFirst()
            .orElseThrow();
    return fields(server).get(15).substring(1);
  }

  private static List<String> fields(String line) {
    return List.of(line.split(",", -1));
  }
}
