package dev.understudy.cloner.clone;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a server to write out what it has, for a shorter recovery. It may not do so. */
final class Checkpoint {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

  private Checkpoint() {}

  /** Bounded in time. */
  static void tryOn(Clone clone) throws InterruptedException {
    try {
      BriefSession.inAny(
          clone,
          PATIENCE,
          connection -> {
            try (Statement statement = connection.createStatement()) {
              return statement.execute("CHECKPOINT");
            }
          });
    } catch (SQLException e) {
      LOG.info("{} has not been checkpointed: {}", clone, e.toString());
    }
  }
}
