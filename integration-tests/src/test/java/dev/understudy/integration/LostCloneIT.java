package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/**
 * What a client sees, and what its cancel key does, when the clone that its session is bound to is
 * stopped or replaced; and that who stops it waits for no client.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class LostCloneIT {
  /** In seconds, for what is done in a fraction of one; a server is killed after 30. */
  private static final String PATIENCE = "20";

  private static final String LOCK = "SELECT pg_advisory_lock(1)";
  private static final String LOCK_WAITERS =
      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

  private Shop shop;

  @BeforeAll
  void openShop() throws Exception {
    shop =
        Shop.open(
            Installations.embedded(),
            null,
            """
            "pr-*" { source = prod, database = shop }
            "nap-*" { source = prod, database = shop, suspend-after = 2s }
            "auto-*" {
              source = prod, database = shop
              refresh = after-snapshot, refresh-grace = 0s, refresh-skips = 0
            }
            """,
            StalledRow.SETTINGS + "users.root { password = r, role = postgres, admin = true }");
  }

  @AfterAll
  void closeShop() throws Exception {
    shop.close();
  }

  @Test
  void whoIsStalledInsideARowKeepsItAwakeAndGetsAllOfIt() throws Exception {
    try (StalledRow row = begin("nap-stalled")) {
      // Whose time to sleep comes later.
      shop.connect("shop@nap-quiet").close();
      Await.soon("another sleeps", () -> isAsleep("nap-quiet"));

      assertThat(isAsleep("nap-stalled")).isFalse();
      assertThat(row.readOn()).as("whole").isTrue();
    }
    Await.soon("nobody is left", () -> isAsleep("nap-stalled"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SUSPEND", "RESET", "REFRESH"})
  void whoIsStalledInsideARowSeesAPartOfItAndHoldsNobodyUp(String operation) throws Exception {
    String environment = "pr-stalled-" + operation.toLowerCase(Locale.ROOT);
    try (StalledRow row = begin(environment)) {
      command(operation + " ENVIRONMENT " + environment + " FORCE");
      assertThat(ask(environment, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);

      assertThat(row.readOn()).as("whole").isFalse();
    }
  }

  @Test
  void soDoesWhoIsStalledWhileASnapshotIsMovedTo() throws Exception {
    try (StalledRow row = begin("auto-stalled")) {
      try (Connection production = shop.production().connect("shop", "app");
          Statement statement = production.createStatement()) {
        statement.execute("CREATE TABLE news ()");
      }
      command("SNAPSHOT SOURCE prod");
      Await.soon("it is refreshed", () -> hasNews("auto-stalled"));

      assertThat(row.readOn()).as("whole").isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESET", "REFRESH"})
  void aKeyReachesOnlyTheCloneThatItsSessionBeganOn(String operation) throws Exception {
    String environment = "pr-cancel-" + operation.toLowerCase(Locale.ROOT);
    // Both clients are still there then, as is their key.
    try (StalledRow stalled = begin(environment);
        Connection quiet = shop.connect("shop@" + environment)) {
      command(operation + " ENVIRONMENT " + environment + " FORCE");

      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
          Connection holder = shop.connect("shop@" + environment);
          Connection own = shop.connect("shop@" + environment);
          Connection other = shop.connect("shop@" + environment)) {
        execute(holder, LOCK);
        Future<?> waiting = threads.submit(() -> execute(other, LOCK));
        Future<?> cancelled = threads.submit(() -> execute(own, LOCK));
        Await.soon("both wait", () -> Shop.ask(holder, LOCK_WAITERS) == 2);
        stalled.cancel();
        cancel(quiet);
        assertThat(Shop.ask(holder, LOCK_WAITERS)).isEqualTo(2);
        cancel(own);

        assertThatThrownBy(() -> cancelled.get(20, TimeUnit.SECONDS))
            .cause()
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
        assertThat(Shop.ask(holder, LOCK_WAITERS)).isOne();
        execute(holder, "SELECT pg_advisory_unlock(1)");
        waiting.get(20, TimeUnit.SECONDS);
      }
    }
  }

  private static void cancel(Connection connection) throws SQLException {
    connection.unwrap(PGConnection.class).cancelQuery();
  }

  /** Returns when the server can write no more. */
  private StalledRow begin(String environment) throws Exception {
    StalledRow row = StalledRow.begin(shop.daemon().port(), "shop@" + environment);
    try (Connection connection = shop.connect("shop@" + environment)) {
      Await.soon("it is stalled", () -> Shop.ask(connection, StalledRow.STALLED) == 1);
    }
    return row;
  }

  private void command(String command) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "root");
    properties.setProperty("password", "r");
    properties.setProperty("sslmode", "disable");
    properties.setProperty("socketTimeout", PATIENCE);
    try (Connection console = DriverManager.getConnection(shop.url("understudy"), properties)) {
      execute(console, command);
    }
  }

  /** Who has just connected as an environment moves is told that, and connects again. */
  private boolean hasNews(String environment) throws SQLException {
    try {
      return ask(environment, "SELECT count(*) FROM pg_class WHERE relname = 'news'") == 1;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("57P01");
      return false;
    }
  }

  private long ask(String environment, String query) throws SQLException {
    try (Connection connection = shop.connect("shop@" + environment)) {
      return Shop.ask(connection, query);
    }
  }

  private static @Nullable Void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return null;
    }
  }

  private boolean isAsleep(String environment) throws Exception {
    return shop.daemon().log().contains("environment " + environment + ": put to sleep");
  }
}
