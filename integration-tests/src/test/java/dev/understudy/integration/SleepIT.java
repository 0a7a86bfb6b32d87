package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What keeps an environment awake and what does not, with real drivers and pools. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class SleepIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Twice the time after which the environments of this test sleep. */
  private static final Duration LONG = Duration.ofSeconds(4);

  private Shop shop;

  @BeforeAll
  void openShop() throws Exception {
    shop =
        Shop.open(
            Installations.embedded(),
            null,
            "\"pr-*\" { source = prod, database = shop, suspend-after = 2s }");
  }

  @AfterAll
  void closeShop() throws Exception {
    shop.close();
  }

  @Test
  void aQuietSessionIsParkedAndAReconnectFindsEverything() throws Exception {
    try (Connection quiet = shop.connect("shop@pr-1")) {
      execute(quiet, "CREATE TABLE kept AS SELECT 7 AS n");
      awaitSleeps("pr-1", 1);

      assertThatThrownBy(() -> execute(quiet, "SELECT n FROM kept"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
    }
    try (Connection woken = shop.connect("shop@pr-1")) {
      assertThat(Shop.ask(woken, "SELECT n FROM kept")).isEqualTo(7);
    }
    assertThat(shop.daemon().log())
        .contains(
            "login=\"app\" role=\"app\" via=connect from=/127.0.0.1:",
            "operation=\"CREATE ENVIRONMENT\" subject=\"pr-1\" outcome=done",
            "operation=\"RESUME ENVIRONMENT\" subject=\"pr-1\" outcome=done");
  }

  @Test
  void whoWorksIsLeftAlone() throws Exception {
    // Each begins at once: who connects and then waits would be parked.
    try (Connection transaction = shop.connect("shop@pr-transaction")) {
      transaction.setAutoCommit(false);
      execute(transaction, "CREATE TABLE mine (n int)");
      try (Connection walsender = shop.connect("shop@pr-walsender", replication());
          Connection statement = shop.connect("shop@pr-statement")) {
        execute(statement, "SELECT pg_sleep(%d)".formatted(LONG.toSeconds()));

        assertThat(sleeps("pr-statement")).isZero();
        assertThat(sleeps("pr-transaction")).isZero();
        assertThat(sleeps("pr-walsender")).isZero();
        execute(walsender, "IDENTIFY_SYSTEM");
      }
      execute(transaction, "INSERT INTO mine VALUES (1)");
      transaction.commit();
    }
    awaitSleeps("pr-statement", 1);
    awaitSleeps("pr-transaction", 1);
    awaitSleeps("pr-walsender", 1);
  }

  @Test
  void aGuisKeepAliveDoesNotKeepItAwake() throws Exception {
    try (Connection gui = shop.connect("shop@pr-gui")) {
      execute(gui, "SELECT count(*) FROM customer");
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      assertThatThrownBy(
              () -> {
                while (System.nanoTime() < deadline) {
                  execute(gui, "SELECT 1");
                  Thread.sleep(200);
                }
              })
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
      awaitSleeps("pr-gui", 1);
    }
  }

  @Test
  void aPoolWithDefaultsNeitherKeepsItAwakeNorSeesAnError() throws Exception {
    try (HikariDataSource pool = new HikariDataSource()) {
      configure(pool, "shop@pr-pool");
      use(pool);
      awaitSleeps("pr-pool", 1);
      Thread.sleep(LONG);
      assertThat(sleeps("pr-pool")).as("nobody has woken it").isOne();

      use(pool);
      awaitSleeps("pr-pool", 2);
    }
  }

  @Test
  void aPoolThatLooksAtItsConnectionsNeitherKeepsItAwakeNorSeesAnError() throws Exception {
    try (HikariDataSource pool = new AttentivePool()) {
      configure(pool, "shop@pr-attentive");
      use(pool);
      awaitSleeps("pr-attentive", 2);

      use(pool);
      awaitSleeps("pr-attentive", 3);
      use(pool);
    }
  }

  private void configure(HikariDataSource pool, String database) {
    pool.setJdbcUrl(shop.url(database));
    pool.setUsername("app");
    pool.setPassword(Shop.PASSWORD);
    pool.addDataSourceProperty("sslmode", "disable");
  }

  private static void use(HikariDataSource pool) throws SQLException {
    for (int i = 0; i < 12; i++) {
      try (Connection first = pool.getConnection();
          Connection second = pool.getConnection()) {
        assertThat(Shop.ask(first, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
        assertThat(Shop.ask(second, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
      }
    }
  }

  private static Properties replication() {
    Properties properties = new Properties();
    properties.setProperty("replication", "database");
    properties.setProperty("assumeMinServerVersion", "15");
    properties.setProperty("preferQueryMode", "simple");
    return properties;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long sleeps(String environment) throws Exception {
    return Pattern.compile("environment " + environment + ": put to sleep")
        .matcher(shop.daemon().log())
        .results()
        .count();
  }

  private void awaitSleeps(String environment, int count) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (sleeps(environment) < count) {
      assertThat(System.nanoTime()).as(environment + " sleeps").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  /** Looks far more often than the half minute that HikariCP allows at least. */
  private static final class AttentivePool extends HikariDataSource {
    @Override
    public long getKeepaliveTime() {
      return 300;
    }
  }
}
