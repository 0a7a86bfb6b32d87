package dev.understudy.cloner.snapshot;

import dev.understudy.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A database under load: transfers between accounts, which leave the sum as it was, each with an
 * entry in a journal; tables that come and go; and temporary ones.
 */
public final class Bank implements AutoCloseable {
  public static final int ACCOUNTS = 20_000;
  public static final long BALANCE = 100;

  private final EmbeddedPostgres production;
  private final List<Thread> writers = new ArrayList<>();
  private final AtomicLong committed = new AtomicLong();
  private volatile boolean closing;

  private Bank(EmbeddedPostgres production) {
    this.production = production;
  }

  public static Bank open(EmbeddedPostgres production, String database) throws SQLException {
    try (Connection connection = production.connect(database, "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE account (id int PRIMARY KEY, balance bigint, filler text)");
      statement.execute(
          "INSERT INTO account SELECT i, %d, repeat('x', 200) FROM generate_series(1, %d) i"
              .formatted(BALANCE, ACCOUNTS));
      statement.execute(
          "CREATE TABLE journal (id bigserial PRIMARY KEY, at timestamptz, amount bigint)");
      statement.execute("CREATE UNLOGGED TABLE cache AS SELECT i FROM generate_series(1, 1000) i");
    }
    Bank bank = new Bank(production);
    for (int i = 0; i < 2; i++) {
      bank.writers.add(Thread.ofPlatform().start(() -> bank.write(database)));
    }
    return bank;
  }

  public long committed() {
    return committed.get();
  }

  private void write(String database) {
    try (Connection connection = production.connect(database, "postgres");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("CREATE TEMP TABLE mine (i int)");
      connection.commit();
      while (!closing) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int first = random.nextInt(1, ACCOUNTS);
        int second = random.nextInt(first + 1, ACCOUNTS + 1);
        statement.execute("UPDATE account SET balance = balance - 1 WHERE id = " + first);
        statement.execute("UPDATE account SET balance = balance + 1 WHERE id = " + second);
        statement.execute("INSERT INTO journal (at, amount) VALUES (clock_timestamp(), 1)");
        if (random.nextInt(20) == 0) {
          statement.execute("INSERT INTO mine SELECT generate_series(1, 100)");
          String table = "passing_" + random.nextInt(1_000_000);
          statement.execute("CREATE TABLE " + table + " AS SELECT * FROM account LIMIT 500");
          connection.commit();
          statement.execute("DROP TABLE " + table);
        }
        connection.commit();
        committed.incrementAndGet();
      }
    } catch (SQLException e) {
      if (!closing && production.isRunning()) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** How many transfers production had finished by then. */
  public static long journalUntil(Connection connection, Instant time) throws SQLException {
    return number(
        connection,
        "SELECT count(*) FROM journal WHERE at < '%s'::timestamptz"
            .formatted(OffsetDateTime.ofInstant(time, ZoneOffset.UTC)));
  }

  public static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    closing = true;
    for (Thread writer : writers) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
