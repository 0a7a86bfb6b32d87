package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A GUI opens many connections at once, and each database that there is. */
class GuiHabitsIT {
  private static final int AT_ONCE = 10;

  private static Shop shop;

  @BeforeAll
  static void open() throws Exception {
    shop = Shop.open(Installations.embedded(), null, "\"*\" { source = prod, database = shop }");
  }

  @AfterAll
  static void close() throws Exception {
    shop.close();
  }

  @Test
  void bareDatabasesMakeNothing() throws Exception {
    try (Connection first = shop.connect("shop@seen")) {
      List<String> databases = databases(first);
      assertThat(databases).contains("shop", "postgres", "template0", "template1");
      List<Path> before = clones();

      for (String database : databases) {
        for (Future<Connection> attempt : atOnce(() -> shop.connect(database))) {
          assertThatThrownBy(attempt::get)
              .cause()
              .isInstanceOfSatisfying(
                  SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("3D000"));
        }
      }
      assertThat(clones()).isEqualTo(before);
    }
  }

  @Test
  void theUsersNameKeepsThemAllInOneEnvironment() throws Exception {
    List<Path> before = clones();
    for (Future<Connection> attempt : atOnce(() -> connectAs("app@gui", "postgres"))) {
      attempt.get().close();
    }
    assertThat(clones()).hasSize(before.size() + 1);

    try (Connection first = connectAs("app@gui", "shop")) {
      for (String database : databases(first)) {
        if (database.equals("template0")) {
          // It takes no connections, from nobody.
          continue;
        }
        for (Future<Connection> attempt : atOnce(() -> connectAs("app@gui", database))) {
          try (Connection connection = attempt.get()) {
            assertThat(connection.getMetaData().getTables(database, null, "%", null).next())
                .isTrue();
          }
        }
      }
    }
    assertThat(clones()).hasSize(before.size() + 1);
  }

  private static Connection connectAs(String user, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", Shop.PASSWORD);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(shop.url(database), properties);
  }

  /** What a GUI shows as its tree. */
  private static List<String> databases(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT datname FROM pg_database")) {
      while (result.next()) {
        names.add(result.getString(1));
      }
    }
    return names;
  }

  private static List<Future<Connection>> atOnce(Callable<Connection> attempt) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(Stream.generate(() -> attempt).limit(AT_ONCE).toList());
    }
  }

  private static List<Path> clones() throws Exception {
    try (Stream<Path> entries = Files.list(shop.dataDirectory().resolve("clones"))) {
      return entries.sorted().toList();
    }
  }
}
