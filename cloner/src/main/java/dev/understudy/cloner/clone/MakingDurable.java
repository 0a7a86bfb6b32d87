package dev.understudy.cloner.clone;

import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.postgres.ServerConfiguration;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a throw-away clone durable. */
final class MakingDurable {
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
   * again.
   */
  void start(Clone clone, Terms terms) throws CloneException, InterruptedException {
    starter.binaries(clone.origin());
    boolean recovers;
    try {
      reconfigure(clone);
      recovers = !host.servers().isShutDown(clone.data());
    } catch (IOException e) {
      throw StorageErrors.translate(Reason.START_FAILED, "the clone could not be made durable", e);
    }
    if (!recovers) {
      trySync(clone);
    }
    starter.restart(clone, terms);
    if (!clone.isDurable()) {
      trySync(clone);
    }
  }

  /**
   * The same without a start. One whose server has not shut down is only brought to the disk: it is
   * durable once it has recovered, as a recovery that a crash of the host breaks off needs pages
   * that were not logged.
   */
  void asleep(Clone clone) throws IOException {
    reconfigure(clone);
    if (host.servers().isShutDown(clone.data())) {
      sync(clone);
    } else {
      host.pool().sync(List.of(clone.data()));
      clone.record(clone.record().synced());
    }
  }

  private void trySync(Clone clone) {
    try {
      sync(clone);
      LOG.info("{}: it is durable from now on", clone);
    } catch (IOException e) {
      LOG.warn("{}: it could not be made durable, for now: {}", clone, e.toString());
    }
  }

  /**
   * Of a clone whose server runs, and may be in use. It outlives a crash of the host from then on,
   * with all that was written to it before.
   *
   * @throws CloneException and it does not outlive one, for now
   */
  void makeDurable(Clone clone) throws CloneException, InterruptedException {
    try {
      reconfigure(clone);
      host.reload().run(clone);
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
}
