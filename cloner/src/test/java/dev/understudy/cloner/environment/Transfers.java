package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Money that moves between accounts, in several sessions and in a tablespace too: at any moment all
 * of it is there.
 */
final class Transfers implements AutoCloseable {
  private static final int ACCOUNTS = 5_000;

  /** Each index has what its table has. */
  private static final String INDEXES =
      """
      SELECT count(bt_index_check(i.indexrelid, true)::text)
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
      WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p' AND i.indisvalid\
      """;

  private static final String HEAPS =
      """
      SELECT count(*) FROM pg_class c, LATERAL verify_heapam(c.oid) v
      WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence = 'p'\
      """;

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong committed = new AtomicLong();
  private final AtomicReference<@Nullable SQLException> failure = new AtomicReference<>();
  private volatile boolean ended;

  private Transfers() {}

  static void prepare(EnvironmentSession session) throws SQLException {
    try (Connection connection = Stage.connect(session);
        Statement statement = connection.createStatement()) {
      statement.execute("SET allow_in_place_tablespaces = on");
      statement.execute("CREATE TABLESPACE apart LOCATION ''");
      statement.execute("CREATE TABLE account (id int PRIMARY KEY, balance bigint, filler text)");
      statement.execute(
          "INSERT INTO account SELECT i, 0, repeat('x', 80) FROM generate_series(1, "
              + ACCOUNTS
              + ") i");
      statement.execute(
          "CREATE TABLE entry (id bigserial PRIMARY KEY, account int, delta bigint, at timestamptz"
              + " DEFAULT clock_timestamp()) TABLESPACE apart");
      statement.execute("CREATE INDEX ON entry (account)");
    }
  }

  static Transfers begin(EnvironmentSession session, int clients) {
    Transfers transfers = new Transfers();
    for (int i = 0; i < clients; i++) {
      transfers.threads.add(
          Thread.ofPlatform().name("transfer-" + i).start(() -> transfers.run(session)));
    }
    return transfers;
  }

  private void run(EnvironmentSession session) {
    try (Connection connection = Stage.connect(session);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!ended) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int from = random.nextInt(ACCOUNTS / 2) + 1;
        int to = ACCOUNTS / 2 + random.nextInt(ACCOUNTS / 2) + 1;
        int money = random.nextInt(1000) + 1;
        statement.execute("UPDATE account SET balance = balance - " + money + " WHERE id=" + from);
        statement.execute("UPDATE account SET balance = balance + " + money + " WHERE id=" + to);
        statement.execute(
            "INSERT INTO entry (account, delta) VALUES (%d, %d), (%d, %d)"
                .formatted(from, -money, to, money));
        connection.commit();
        committed.incrementAndGet();
      }
    } catch (SQLException e) {
      failure.compareAndSet(null, e);
    }
  }

  /** How many at least have been. */
  long committed() {
    return committed.get();
  }

  void awaitMore(int transactions) throws SQLException {
    long wanted = committed.get() + transactions;
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (committed.get() < wanted) {
      SQLException failed = failure.get();
      if (failed != null) {
        throw failed;
      }
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  /** All is there, and all of one moment; returns how many transfers there were. */
  static long check(EnvironmentSession session) throws SQLException {
    try (Connection connection = Stage.connect(session);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE EXTENSION IF NOT EXISTS amcheck");
      assertThat(number(statement, INDEXES)).isPositive();
      assertThat(number(statement, HEAPS)).isZero();
      assertThat(number(statement, "SELECT sum(balance) FROM account")).isZero();
      assertThat(
              number(
                  statement,
                  "SELECT count(*) FROM account a LEFT JOIN (SELECT account, sum(delta) AS delta"
                      + " FROM entry GROUP BY account) e ON e.account = a.id WHERE a.balance <>"
                      + " coalesce(e.delta, 0)"))
          .isZero();
      return number(statement, "SELECT count(*) / 2 FROM entry");
    }
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
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
