package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that write without a pause until their session is ended: statement by statement into
 * {@code single}, and two rows at a time into {@code pair}.
 */
final class Workload implements AutoCloseable {
  /** Of each client, before others may go on. */
  private static final int WARM_UP = 50;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Shop shop;
  private final String database;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> clients = new ArrayList<>();
  private final AtomicLong statements = new AtomicLong();
  private final AtomicLong transactions = new AtomicLong();

  Workload(Shop shop, String database) {
    this.shop = shop;
    this.database = database;
  }

  /** Returns when all of them work. */
  void begin(int ofEach) throws InterruptedException {
    CountDownLatch working = new CountDownLatch(2 * ofEach);
    for (int i = 0; i < ofEach; i++) {
      clients.add(threads.submit(client(working, this::writeStatements)));
      clients.add(threads.submit(client(working, this::writeTransactions)));
    }
    assertThat(working.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private Callable<Void> client(CountDownLatch working, Work work) {
    return () -> {
      try (Connection connection = shop.connect(database);
          Statement statement = connection.createStatement()) {
        work.write(connection, statement, working);
      }
      return null;
    };
  }

  private void writeStatements(Connection connection, Statement statement, CountDownLatch working)
      throws SQLException {
    for (int done = 0; true; done++) {
      if (isOver(statement, "INSERT INTO single VALUES (%d)".formatted(done))) {
        return;
      }
      statements.incrementAndGet();
      if (done == WARM_UP) {
        working.countDown();
      }
    }
  }

  /** The driver sends BEGIN along with the first statement. */
  private void writeTransactions(Connection connection, Statement statement, CountDownLatch working)
      throws SQLException {
    connection.setAutoCommit(false);
    for (int done = 0; true; done++) {
      String insert = "INSERT INTO pair VALUES (%d)".formatted(done);
      if (isOver(statement, insert)) {
        return;
      }
      statement.execute(insert);
      connection.commit();
      transactions.incrementAndGet();
      if (done == WARM_UP) {
        working.countDown();
      }
    }
  }

  private static boolean isOver(Statement statement, String sql) throws SQLException {
    try {
      statement.execute(sql);
      return false;
    } catch (SQLException e) {
      if ("57P01".equals(e.getSQLState())) {
        return true;
      }
      throw e;
    }
  }

  /** Fails where a client saw anything but 57P01 between its transactions. */
  void awaitEnd() throws Exception {
    for (Future<?> client : clients) {
      client.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** That clients know to have been executed. */
  long statements() {
    return statements.get();
  }

  /** That clients know to have been committed. */
  long transactions() {
    return transactions.get();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private interface Work {
    void write(Connection connection, Statement statement, CountDownLatch working)
        throws SQLException;
  }
}
