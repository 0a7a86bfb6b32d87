package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What is asked of a real server, through the proxy and past it. */
final class Queries {
  private Queries() {}

  static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }

  /**
   * Waits for a query of somebody else that sleeps.
   *
   * @param condition on its row of {@code pg_stat_activity}
   */
  static void awaitAsleep(EmbeddedPostgres server, String condition) throws Exception {
    try (Connection direct = server.connect("postgres", "postgres")) {
      String count =
          "SELECT count(*) FROM pg_stat_activity, pg_sleep(0.02) WHERE state = 'active'"
              + " AND pid <> pg_backend_pid() AND wait_event = 'PgSleep' AND "
              + condition;
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (text(direct, count).equals("0")) {
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
    }
  }

  /**
   * A query ends when the driver cancels it, and its session goes on.
   *
   * @param server that the connection leads to
   */
  static void assertCancels(Connection connection, EmbeddedPostgres server) throws Exception {
    try (Statement statement = connection.createStatement();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int pid = Integer.parseInt(text(connection, "SELECT pg_backend_pid()"));
      Future<Boolean> query = threads.submit(() -> statement.execute("SELECT pg_sleep(60)"));
      awaitAsleep(server, "pid = " + pid);
      statement.cancel();

      assertThatThrownBy(() -> query.get(20, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      assertThat(text(connection, "SELECT 'alive'")).isEqualTo("alive");
    }
  }
}
