package dev.understudy.cloner.standby;

import dev.understudy.cloner.postgres.ServerException;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.standby.LogWatch.Sign;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the replica follows production: starts its server whenever it has ended, with
 * what production has come to need, and builds another one when it cannot follow any more. A thread
 * of its own, from {@link #start} to {@link #close}.
 */
final class Follower {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration SLOT_LOOK = Duration.ofMinutes(1);

  /** Somebody who wants a snapshot builds the first one, and hears how far it is. */
  private static final Duration FIRST_BUILD = Duration.ofSeconds(10);

  private static final int HOPELESS = 10;
  private static final int WORTH_TELLING = 10;
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private final String name;
  private final CurrentReplica current;
  private final LagGauge gauge;
  private final SlotUpkeep slot;
  private final Prospects prospects;
  private final Supplier<CopyListener> listeners;
  private final Backoff starts = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private final Backoff builds = new Backoff(Duration.ofMinutes(1), Duration.ofHours(1));
  private final Backoff firstBuild = new Backoff(FIRST_BUILD, FIRST_BUILD);
  private final Backoff slots = new Backoff(SLOT_LOOK, SLOT_LOOK);
  private final Thread thread;

  private int failures;
  private int failedStarts;

  /**
   * @param archive whether WAL comes from elsewhere, too
   * @param listeners of base backups that nobody waits for
   */
  Follower(
      String name,
      CurrentReplica current,
      LagGauge gauge,
      SlotUpkeep slot,
      boolean archive,
      Supplier<CopyListener> listeners) {
    this.name = name;
    this.current = current;
    this.gauge = gauge;
    this.slot = slot;
    this.prospects = new Prospects(name, archive);
    this.listeners = listeners;
    this.thread = Thread.ofPlatform().daemon().name("standby-" + name).unstarted(this::run);
  }

  void start() {
    firstBuild.notBefore(FIRST_BUILD);
    thread.start();
  }

  /** Returns when it has ended. */
  void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }

  private void run() {
    try {
      while (true) {
        try {
          tick();
          failures = 0;
        } catch (SourceException | SQLException | IOException e) {
          failed(e);
        } catch (RuntimeException | Error e) {
          LOG.error("source {}: looking after the standby failed", name, e);
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** A server that has just ended is no news; what lasts is. */
  private void failed(Exception e) {
    failures++;
    if (failures == WORTH_TELLING) {
      LOG.warn("source {}: the standby cannot be looked after: {}", name, e.toString());
    } else {
      LOG.debug("source {}: {}", name, e.toString());
    }
  }

  private void tick() throws SourceException, SQLException, IOException, InterruptedException {
    if (!current.exists()) {
      if (firstBuild.isDue()) {
        build(false);
      }
      return;
    }
    // First: it may have to let go of a slot.
    Optional<Boolean> _ = current.inTurn(this::look);
    lookAfterSlot();
    if (prospects.lost().isPresent()) {
      build(true);
    }
  }

  private boolean look(Replica replica)
      throws SourceException, SQLException, IOException, InterruptedException {
    if (replica.isRunning()) {
      look(replica, replica.status());
    } else {
      gauge.sawNothing(replica.record().dataTime(), replica.log().lastComplaint());
      startIfDue(replica);
    }
    Set<Sign> signs = replica.log().read();
    prospects.saw(signs);
    if (signs.contains(Sign.SLOT_MISSING)) {
      slots.reset();
    }
    return true;
  }

  private void look(Replica replica, ReplicaStatus status)
      throws IOException, InterruptedException {
    gauge.saw(status, replica.record().dataTime(), replica.log().lastComplaint());
    prospects.saw(status);
    failedStarts = 0;
    if (status.streaming()) {
      starts.reset();
    }
    if (status.paused()) {
      LOG.info(
          "source {}: production has more connections, workers or locks than before; the standby"
              + " is started anew to have as many",
          name);
      boolean _ = replica.stop();
      starts.reset();
      startIfDue(replica);
    }
  }

  private void startIfDue(Replica replica) throws IOException, InterruptedException {
    if (!starts.isDue()) {
      return;
    }
    starts.failed(); // until it streams
    try {
      replica.start();
      LOG.info("source {}: the standby's server runs", name);
    } catch (ServerException e) {
      failedStarts++;
      LOG.warn("source {}: the standby does not start: {}\n{}", name, e.getMessage(), e.logTail());
      if (failedStarts >= HOPELESS) {
        prospects.sawNoStart(failedStarts);
      }
    }
  }

  private void build(boolean beside) throws InterruptedException {
    if (!builds.isDue()) {
      return;
    }
    try {
      if (beside) {
        LOG.warn(
            "source {}: the standby cannot follow any more: {}. Another one is built beside it;"
                + " until then this one serves",
            name,
            prospects.lost().orElse(""));
        current.rebuild(listeners.get());
        LOG.info("source {}: the new standby has taken the place of the old one", name);
      } else {
        current.ensure(listeners.get());
      }
      prospects.reset();
      failedStarts = 0;
      starts.reset();
      builds.reset();
    } catch (SourceException e) {
      builds.failed();
      LOG.warn(
          "source {}: {}{}\nHINT: {}\nIt is tried again.",
          name,
          e.getMessage(),
          e.detail() == null ? "" : "\n" + e.detail(),
          e.hint() == null ? "none" : e.hint());
    }
  }

  private void stop() throws SourceException, SQLException, IOException, InterruptedException {
    Optional<Boolean> _ = current.inTurn(Replica::stop);
    starts.reset();
  }

  private void lookAfterSlot() throws InterruptedException {
    try {
      if (slots.isDue() && slot.concerns()) {
        slots.failed();
        if (slot.run(this::stop)) {
          current.forget();
        }
        if (slot.isLost()) {
          prospects.sawSlotLost();
        }
      }
    } catch (SourceException e) {
      LOG.warn(
          "source {}: {}{}", name, e.getMessage(), e.hint() == null ? "" : "\nHINT: " + e.hint());
    } catch (SQLException | IOException e) {
      LOG.warn("source {}: its slot cannot be looked after: {}", name, e.toString());
    }
  }
}
