package dev.understudy.benchmarks;

import dev.understudy.testing.Daemon;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** How long an administrator waits for the list of all environments. */
final class Listing {
  private static final String LOGIN = "bench";
  private static final String PASSWORD = "bench-of-lists";
  private static final int ROUNDS = 50;

  private Listing() {}

  /** What the settings of the daemon have to say. */
  static String settings() {
    return "users.%s { password = \"%s\", role = app, admin = true }".formatted(LOGIN, PASSWORD);
  }

  /**
   * From the statement to the last row, in one session of the console.
   *
   * @param environments that there are, and that every list must have
   * @return nanoseconds of each
   */
  static List<Long> measure(Daemon daemon, int environments) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", LOGIN);
    properties.setProperty("password", PASSWORD);
    properties.setProperty("sslmode", "disable");
    String url = "jdbc:postgresql://127.0.0.1:" + daemon.port() + "/understudy";
    List<Long> times = new ArrayList<>();
    try (Connection console = DriverManager.getConnection(url, properties);
        Statement statement = console.createStatement()) {
      while (times.size() < ROUNDS) {
        long begin = System.nanoTime();
        int rows = list(statement);
        times.add(System.nanoTime() - begin);
        if (rows != environments) {
          throw new IllegalStateException(
              "%d environments are listed of %d".formatted(rows, environments));
        }
      }
    }
    return times;
  }

  private static int list(Statement statement) throws SQLException {
    int rows = 0;
    try (ResultSet environment = statement.executeQuery("SHOW ENVIRONMENTS")) {
      while (environment.next()) {
        rows++;
      }
    }
    return rows;
  }
}
