package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.testing.LoopImage;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

/** The console of a daemon as it is served, by a driver that knows nothing of it. */
class ConsoleIT {
  private static Shop shop;

  @BeforeAll
  static void open() throws Exception {
    shop =
        Shop.open(
            Installations.embedded(),
            LoopImage.Type.BTRFS,
            "\"pr-*\" { source = prod, database = shop }",
            """
            users.alice { password = a, role = app }
            users.mallory { password = m, role = other }
            users.root { password = r, role = postgres, admin = true }
            """);
  }

  @AfterAll
  static void close() throws Exception {
    shop.close();
  }

  @Test
  void steersAWholeLife() throws Exception {
    try (Connection console = console("alice", "a");
        Statement statement = console.createStatement()) {
      statement.execute("CREATE ENVIRONMENT pr-life");
      assertThat(states(console)).containsEntry("pr-life", "running");
      try (Connection clone = connect("shop@pr-life")) {
        clone.createStatement().execute("DELETE FROM customer WHERE id > 10");
      }
      statement.execute("CREATE ENVIRONMENT pr-branch FROM ENVIRONMENT pr-life");
      assertThat(customers("pr-branch")).isEqualTo(10);

      statement.execute("COMMENT ON ENVIRONMENT pr-life IS 'it''s a life'");
      statement.execute("PROTECT ENVIRONMENT pr-life");
      statement.execute("EXTEND ENVIRONMENT pr-life BY '2 days'");
      try (ResultSet row = statement.executeQuery("SHOW ENVIRONMENTS")) {
        while (row.next() && !row.getString("name").equals("pr-life")) {}
        assertThat(row.getString("label")).isEqualTo("it's a life");
        assertThat(row.getBoolean("protected")).isTrue();
        assertThat(row.getString("owner")).isEqualTo("app");
        assertThat(row.getTimestamp("kept_until").toInstant())
            .isBetween(Instant.now().plusSeconds(47 * 3600), Instant.now().plusSeconds(49 * 3600));
        assertThat(row.getTimestamp("ends_at")).isNull(); // protected
      }

      statement.execute("SUSPEND ENVIRONMENT pr-life FORCE");
      assertThat(states(console)).containsEntry("pr-life", "suspended");
      statement.execute("RESUME ENVIRONMENT pr-life");
      assertThat(states(console)).containsEntry("pr-life", "running");

      statement.execute("RESET ENVIRONMENT pr-life FORCE");
      assertThat(customers("pr-life")).isEqualTo(Shop.CUSTOMERS);
      statement.execute("REFRESH ENVIRONMENT pr-branch FORCE");
      assertThat(customers("pr-branch")).isEqualTo(Shop.CUSTOMERS);

      statement.execute("DROP ENVIRONMENT pr-branch");
      statement.execute("DROP ENVIRONMENT IF EXISTS pr-branch");
      assertThat(states(console)).doesNotContainKey("pr-branch");
      assertThat(column(console, "SHOW TRASH", "reason")).contains("dropped", "refreshed", "reset");
      statement.execute("UNDROP ENVIRONMENT pr-branch AS pr-back");
      assertThat(customers("pr-back")).isEqualTo(Shop.CUSTOMERS);
      statement.execute("DROP ENVIRONMENT pr-back");
      statement.execute("DROP ENVIRONMENT pr-life");
    }
    assertThat(shop.daemon().log())
        .contains(
            "login=\"alice\" role=\"app\" via=console",
            "operation=\"REFRESH ENVIRONMENT\" subject=\"pr-branch\" force=true outcome=done",
            "operation=\"UNDROP ENVIRONMENT\" subject=\"pr-branch\" as=\"pr-back\" outcome=done",
            "operation=\"DROP ENVIRONMENT\" subject=\"pr-life\" outcome=done");
  }

  @Test
  void showsSourcesSnapshotsAndSizes() throws Exception {
    try (Connection console = console("root", "r");
        Statement statement = console.createStatement()) {
      statement.execute("SNAPSHOT SOURCE prod");
      statement.execute("CREATE ENVIRONMENT pr-size");
      assertThat(column(console, "SHOW SOURCES", "type")).containsExactly("directory");
      assertThat(column(console, "SHOW SOURCES", "failure")).containsOnlyNulls();
      assertThat(column(console, "SHOW SNAPSHOTS", "source")).contains("prod");
      assertThat(column(console, "SHOW VERSION", "version"))
          .singleElement()
          .asString()
          .startsWith("Understudy ");
      assertThat(column(console, "SHOW HELP", "command")).contains("SHOW TRASH");
      Await.soon(
          "the size of what has just been made",
          () -> !column(console, "SHOW CLONES", "private_bytes").contains(null));
      try (ResultSet row = statement.executeQuery("SHOW CLONES")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getLong("private_bytes")).isPositive();
        assertThat(row.getLong("shared_bytes")).isGreaterThan(row.getLong("private_bytes"));
      }
      String snapshot = column(console, "SHOW SNAPSHOTS", "id").getLast();
      statement.execute("CREATE ENVIRONMENT pr-old FROM SNAPSHOT " + snapshot);
      statement.execute("DROP ENVIRONMENT pr-old");
      statement.execute("DROP ENVIRONMENT pr-size");
    }
  }

  @Test
  void othersEnvironmentsAreNotToBeSeenNorSteered() throws Exception {
    try (Connection owner = console("alice", "a");
        Connection other = console("mallory", "m");
        Connection administrator = console("root", "r")) {
      owner.createStatement().execute("CREATE ENVIRONMENT pr-mine");

      assertThat(states(other)).isEmpty();
      assertThat(sqlState(other, "DROP ENVIRONMENT pr-mine")).isEqualTo("42501");
      assertThat(sqlState(other, "CREATE ENVIRONMENT pr-copy FROM ENVIRONMENT pr-mine"))
          .isEqualTo("42501");
      assertThat(sqlState(other, "UNDROP ENVIRONMENT pr-mine")).isEqualTo("42704");
      assertThat(sqlState(other, "SNAPSHOT SOURCE prod")).isEqualTo("42501");
      assertThat(states(administrator)).containsKey("pr-mine");
      administrator.createStatement().execute("DROP ENVIRONMENT pr-mine");
    }
  }

  @Test
  void anErrorEndsTheCommandAndNotTheSession() throws Exception {
    try (Connection console = console("alice", "a")) {
      assertThat(sqlState(console, "DROP ENVIRONMENT pr-none")).isEqualTo("42704");
      assertThat(sqlState(console, "CREATE ENVIRONMENT elsewhere")).isEqualTo("3D000");
      assertThat(sqlState(console, "CREATE ENVIRONMENT \"no name\"")).isEqualTo("42602");
      assertThat(sqlState(console, "SELECT * FROM customer")).isEqualTo("0A000");
      assertThat(sqlState(console, "SHOW TABLES")).isEqualTo("42601");
      assertThat(console.isValid(5)).isTrue();
      console.setAutoCommit(false);
      assertThat(sqlState(console, "SHOW NOTHING")).isEqualTo("42601");
      assertThat(sqlState(console, "SHOW HELP")).isEqualTo("25P02");
      console.rollback();
      assertThat(column(console, "SHOW HELP", "command")).isNotEmpty();
    }
  }

  @Test
  void onlyUsersOfTheSettingsGetIn() {
    assertThatThrownBy(() -> console("app", Shop.PASSWORD))
        .isInstanceOfSatisfying(
            PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
  }

  /** With binary results from the first execution on, and with none of the extended protocol. */
  @ParameterizedTest
  @ValueSource(strings = {"preferQueryMode=simple", "prepareThreshold=-1", "defaultRowFetchSize=2"})
  void driversReadItAsTheyAreUsedTo(String property) throws Exception {
    Properties properties = new Properties();
    int equals = property.indexOf('=');
    properties.setProperty(property.substring(0, equals), property.substring(equals + 1));
    try (Connection console = console("root", "r", properties)) {
      console.createStatement().execute("CREATE ENVIRONMENT pr-read");
      try (ResultSet row = console.createStatement().executeQuery("SHOW ENVIRONMENTS")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getLong("sessions")).isNotNegative();
        assertThat(row.getTimestamp("created_at").toInstant())
            .isBetween(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(60));
        assertThat(row.getBoolean("protected")).isFalse();
        assertThat(row.getTimestamp("ends_at").toInstant())
            .isAfter(row.getTimestamp("created_at").toInstant());
        assertThat(row.getString("warning")).isNull();
      }
      console.setAutoCommit(false);
      assertThat(column(console, "SHOW HELP", "description")).hasSizeGreaterThan(10);
      console.commit();
      console.setAutoCommit(true);
      console.createStatement().execute("DROP ENVIRONMENT pr-read");
    }
  }

  private static Connection console(String user, String password) throws SQLException {
    return console(user, password, new Properties());
  }

  private static Connection console(String user, String password, Properties properties)
      throws SQLException {
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(shop.url("understudy"), properties);
  }

  private static Connection connect(String database) throws SQLException {
    return shop.connect(database);
  }

  private static long customers(String environment) throws SQLException {
    try (Connection clone = connect("shop@" + environment)) {
      return Shop.ask(clone, "SELECT count(*) FROM customer");
    }
  }

  private static Map<String, String> states(Connection console) throws SQLException {
    Map<String, String> states = new TreeMap<>();
    try (Statement statement = console.createStatement();
        ResultSet row = statement.executeQuery("SHOW ENVIRONMENTS")) {
      while (row.next()) {
        states.put(row.getString("name"), row.getString("state"));
      }
    }
    return states;
  }

  private static List<String> column(Connection console, String show, String name)
      throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = console.createStatement();
        ResultSet row = statement.executeQuery(show)) {
      while (row.next()) {
        values.add(row.getString(name));
      }
    }
    return values;
  }

  private static String sqlState(Connection console, String command) throws SQLException {
    try (Statement statement = console.createStatement()) {
      statement.execute(command);
      return "00000";
    } catch (PSQLException e) {
      return e.getSQLState();
    }
  }
}
