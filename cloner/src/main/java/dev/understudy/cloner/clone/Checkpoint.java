package dev.understudy.cloner.clone;

import dev.understudy.cloner.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a server to write out what it has, for a shorter recovery. It may not do so. */
final class Checkpoint {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Any of them may have been dropped, or closed to us. */
  private static final List<String> DATABASES = List.of("postgres", "template1");

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

  private Checkpoint() {}

  /** Bounded in time. */
  static void tryOn(Clone clone) throws InterruptedException {
    // A virtual thread in the driver's system calls would hold its carrier.
    FutureTask<Boolean> work = new FutureTask<>(() -> inAny(clone));
    Thread.ofPlatform().daemon().name("checkpoint").start(work);
    try {
      work.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("{} has not been checkpointed: {}", clone, e.toString());
    }
  }

  private static boolean inAny(Clone clone) throws SQLException {
    SQLException last = new SQLException("no database");
    for (String database : DATABASES) {
      try (Connection connection =
              Sql.connectBriefly(clone.socket(), database, clone.origin().superuser(), PATIENCE);
          Statement statement = connection.createStatement()) {
        return statement.execute("CHECKPOINT");
      } catch (SQLException e) {
        last = e;
      }
    }
    throw last;
  }
}
