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

/** Makes a throw-away clone durable while its server runs. Nobody has used it. */
final class MakingDurable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CloneHost host;

  MakingDurable(CloneHost host) {
    this.host = host;
  }

  /**
   * The clone outlives a crash of the host from then on.
   *
   * @throws CloneException and the clone is of no use
   */
  void makeDurable(Clone clone) throws CloneException, InterruptedException {
    try {
      host.servers()
          .reconfigure(clone.data(), new ServerConfiguration(true, clone.origin().settings()));
      BriefSession.inAny(clone, PATIENCE, MakingDurable::reload);
      // What checkpoints took for written while nothing was synced.
      host.pool().sync(List.of(clone.data()));
      clone.record(clone.record().madeDurable());
      host.steps().reached(Step.CLONE_SYNCED);
    } catch (SQLException e) {
      throw new CloneException(
          Reason.START_FAILED, "the clone could not be made durable", e.getMessage(), null);
    } catch (IOException e) {
      throw StorageErrors.translate(Reason.COPY_FAILED, "the clone could not be made durable", e);
    }
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
