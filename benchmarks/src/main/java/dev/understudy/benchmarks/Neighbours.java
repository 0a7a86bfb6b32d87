package dev.understudy.benchmarks;

import dev.understudy.testing.Daemon;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Environments in which one session each writes, a row a transaction. */
final class Neighbours implements AutoCloseable {
  private static final int ROWS = 20_000;

  private final AtomicLong statements = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ended;

  private final long pauseMillis;

  private Neighbours(long pauseMillis) {
    this.pauseMillis = pauseMillis;
  }

  /** They write as fast as they can. Returns when all of them do. */
  static Neighbours begin(Daemon daemon, int count) throws SQLException {
    return begin(daemon, count, 0);
  }

  /**
   * The same.
   *
   * @param pauseMillis of each, between two transactions
   */
  static Neighbours begin(Daemon daemon, int count, long pauseMillis) throws SQLException {
    Neighbours neighbours = new Neighbours(pauseMillis);
    for (int number = 0; number < count; number++) {
      Connection connection = connect(daemon, "busy-" + number);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE account AS SELECT n AS id, repeat(md5(n::text), 29) AS payload"
                + " FROM generate_series(1, %d) n".formatted(ROWS));
        statement.execute("CREATE UNIQUE INDEX ON account (id)");
      }
      neighbours.threads.add(Thread.ofPlatform().start(() -> neighbours.write(connection)));
    }
    return neighbours;
  }

  long statements() {
    return statements.get();
  }

  private void write(Connection connection) {
    try (connection;
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE account SET payload = repeat(md5(random()::text), 29) WHERE id = ?")) {
      while (!ended) {
        update.setInt(1, 1 + ThreadLocalRandom.current().nextInt(ROWS));
        update.executeUpdate();
        statements.incrementAndGet();
        Thread.sleep(pauseMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      System.err.println("a neighbour has stopped: " + e.getMessage());
    }
  }

  private static Connection connect(Daemon daemon, String name) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "app");
    properties.setProperty("password", Production.PASSWORD);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + daemon.port() + "/shop%40" + name, properties);
  }

  @Override
  public void close() {
    ended = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
