package dev.understudy.cloner.clone;

import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.postgres.ServerConfiguration;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a throw-away clone durable. */
final class MakingDurable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(MakingDurable.class);

  private final CloneHost host;
  private final CloneStarter starter;

  MakingDurable(CloneHost host, CloneStarter starter) {
    this.host = host;
    this.starter = starter;
  }

  /**
   * Starts the server of a clone that somebody owns, with fsync. The clone outlives a crash of the
   * host from then on; where that fails its server runs all the same, and the next start tries it
   * again. Whole only now, as a recovery that a crash of the host breaks off needs pages that were
   * not logged.
   */
  void start(Clone clone, Terms terms) throws CloneException, InterruptedException {
    starter.binaries(clone.origin());
    try {
      reconfigure(clone);
    } catch (IOException e) {
      throw StorageErrors.translate(Reason.START_FAILED, "the clone could not be made durable", e);
    }
    starter.restart(clone, terms);
    try {
      sync(clone);
      LOG.info("{}: it is durable from now on", clone);
    } catch (IOException e) {
      LOG.warn("{}: it could not be made durable, for now: {}", clone, e.toString());
    }
  }

  /**
   * Of a clone whose server runs, and that nobody has used. It outlives a crash of the host from
   * then on.
   *
   * @throws CloneException and the clone is of no use
   */
  void makeDurable(Clone clone) throws CloneException, InterruptedException {
    try {
      reconfigure(clone);
      BriefSession.inAny(clone, PATIENCE, MakingDurable::reload);
      sync(clone);
    } catch (SQLException e) {
      throw new CloneException(
          Reason.START_FAILED, "the clone could not be made durable", e.getMessage(), null);
    } catch (IOException e) {
      throw StorageErrors.translate(Reason.COPY_FAILED, "the clone could not be made durable", e);
    }
  }

  private void reconfigure(Clone clone) throws IOException {
    host.servers()
        .reconfigure(clone.data(), new ServerConfiguration(true, clone.origin().settings()));
  }

  /** What checkpoints took for written while nothing was synced. */
  private void sync(Clone clone) throws IOException {
    host.pool().sync(List.of(clone.data()));
    clone.record(clone.record().madeDurable());
    host.steps().reached(Step.CLONE_SYNCED);
  }

  /**
   * The checkpointer takes up fsync and full_page_writes together, some time after the reload, and
   * notes the latter with each checkpoint that it begins from then on.
   */
  private static boolean reload(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_catalog.pg_reload_conf()");
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!wholePagesSince(statement)) {
        if (System.nanoTime() - deadline > 0) {
          throw new SQLException("its server has not taken up its settings in time");
        }
      }
      return true;
    }
  }

  private static boolean wholePagesSince(Statement statement) throws SQLException {
    statement.execute("CHECKPOINT");
    try (ResultSet row =
        statement.executeQuery("SELECT full_page_writes FROM pg_catalog.pg_control_checkpoint()")) {
      return row.next() && row.getBoolean(1);
    }
  }
}
