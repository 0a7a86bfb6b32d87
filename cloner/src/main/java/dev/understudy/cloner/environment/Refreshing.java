package dev.understudy.cloner.environment;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.RefreshPolicy;
import dev.understudy.config.RefreshPolicy.Trigger;
import dev.understudy.config.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves an environment to a clone of the newest snapshot, when its policy says so. Who is in the
 * middle of something is waited for, for the policy's grace. Then it does not happen this time,
 * unless that was so too often in a row. A few environments are refreshed side by side.
 * Thread-safe; nothing blocks.
 */
final class Refreshing {
  /** How often work that is waited for is looked at. */
  static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Refreshing.class);

  private final Environment environment;
  private final EnvironmentHost host;
  private final Moving moving;

  // Guarded by this.
  private Alarms.@Nullable Alarm schedule;
  private Instant due = Instant.MIN;
  private boolean underWay;

  Refreshing(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
    this.moving = new Moving(environment, host);
  }

  private @Nullable EnvironmentPolicy policy() {
    return host.policies().of(environment.name()).orElse(null);
  }

  /** An earlier daemon may not have come to it; called once clients can connect. */
  void resume() {
    EnvironmentPolicy policy = policy();
    Pointer pointer = environment.pointer();
    Clone target = pointer == null ? null : pointer.target();
    if (policy == null || pointer == null || target == null) {
      return;
    }
    Instant since = since(pointer.record(), target);
    switch (policy.refresh().trigger()) {
      case Trigger.Never() -> {}
      case Trigger.AfterSnapshot() -> {
        if (isNewer(host.snapshots().newest(policy.source()).orElse(null), since)) {
          begin(policy);
        }
      }
      case Trigger.Scheduled(Schedule times) -> await(times, since);
    }
  }

  /**
   * From when on there is a reason to move. It was made before, perhaps of an older snapshot on
   * purpose, or had back for what it has.
   */
  private static Instant since(EnvironmentRecord record, Clone target) {
    Instant hadBackAt = record.hadBackAt();
    return hadBackAt == null ? target.createdAt() : hadBackAt;
  }

  private static boolean isNewer(@Nullable Snapshot newest, Instant since) {
    return newest != null && !newest.createdAt().isBefore(since);
  }

  /** It exists from now on. */
  void schedule() {
    EnvironmentPolicy policy = policy();
    if (policy != null
        && environment.pointer() != null
        && policy.refresh().trigger() instanceof Trigger.Scheduled(Schedule times)) {
      await(times, host.clock().instant());
    }
  }

  /** Its policy may be another one, which says when it happens from now on. */
  void settingsChanged() {
    end();
    schedule();
  }

  /** It exists no more. */
  synchronized void end() {
    if (schedule != null) {
      schedule.cancel();
      schedule = null;
    }
  }

  /** There is a new snapshot. */
  void published() {
    EnvironmentPolicy policy = policy();
    if (policy != null && policy.refresh().trigger() instanceof Trigger.AfterSnapshot) {
      begin(policy);
    }
  }

  private synchronized void await(Schedule times, Instant since) {
    end();
    times
        .next(since, host.zone().get())
        .ifPresent(next -> {
          due = next;
          schedule = host.alarms().at(next, this::due);
        });
  }

  /** Where it was set back, what is due in a future that was left is not waited for. */
  synchronized void clockJumped() {
    EnvironmentPolicy policy = policy();
    if (schedule != null
        && policy != null
        && policy.refresh().trigger() instanceof Trigger.Scheduled(Schedule times)) {
      Instant now = host.clock().instant();
      if (times.next(now, host.zone().get()).filter(next -> next.isBefore(due)).isPresent()) {
        await(times, now);
      }
    }
  }

  private void due() {
    schedule();
    EnvironmentPolicy policy = policy();
    if (policy != null) {
      begin(policy);
    }
  }

  private void begin(EnvironmentPolicy policy) {
    synchronized (this) {
      if (underWay) {
        return; // that one takes the newest snapshot too
      }
      underWay = true;
    }
    wantTurn(policy.refresh().grace());
  }

  private synchronized void finish() {
    underWay = false;
  }

  /**
   * The serial executor is not held up while others have their turns.
   *
   * @param grace what is left of it
   */
  private void wantTurn(Duration grace) {
    host.turns()
        .take(() -> {
          try {
            environment
                .serial()
                .execute(() -> {
                  try {
                    attempt(grace);
                  } finally {
                    host.turns().giveBack();
                  }
                });
          } catch (RejectedExecutionException e) {
            LOG.debug("environment {} is refreshed by the next daemon", environment.name());
          } catch (Throwable e) { // there may be no room for a thread
            finish();
            host.turns().giveBack();
            LOG.error("environment {} could not be refreshed", environment.name(), e);
          }
        });
  }

  private void attempt(Duration grace) {
    boolean done = true;
    try {
      done = isDone(grace);
    } catch (EnvironmentUnavailable e) {
      if (e.kind() != EnvironmentUnavailable.Kind.SHUTTING_DOWN) {
        LOG.warn(
            "environment {}: its refresh has failed, and it keeps its data: {}: {}",
            environment.name(),
            e.getMessage(),
            e.detail().orElse("no detail"));
      }
    } catch (RuntimeException | Error e) {
      LOG.error("environment {} could not be refreshed", environment.name(), e);
    } finally {
      if (done) {
        finish();
      } else {
        lookAgain(grace);
      }
    }
  }

  private void lookAgain(Duration grace) {
    Duration pause = grace.compareTo(LOOK_AGAIN) < 0 ? grace : LOOK_AGAIN;
    var _ = host.alarms().in(pause, () -> wantTurn(grace.minus(pause)));
  }

  /** False if it is to be looked at again. */
  private boolean isDone(Duration grace) throws EnvironmentUnavailable {
    EnvironmentPolicy policy = policy();
    Pointer pointer = environment.pointer();
    Clone old = pointer == null ? null : pointer.target();
    if (policy == null
        || policy.refresh().trigger() instanceof Trigger.Never
        || pointer == null
        || old == null
        || host.closed().get()) {
      return true;
    }
    EnvironmentRecord record = pointer.record();
    try (HeldSnapshot held = host.snapshots().hold(policy.source()).orElse(null)) {
      if (held == null
          || held.snapshot().id().equals(old.origin().snapshot())
          || record.hasDataOfOtherThan(policy.source())) {
        return true;
      }
      if (record.guarded()) {
        LOG.info("environment {}: protected, so it keeps its data", record.name());
        return true;
      }
      boolean isOver = !grace.isPositive();
      boolean isDue = isOver && record.skippedRefreshes() >= policy.refresh().mostSkips();
      Consent consent =
          isDue ? new Consent.Forced(environment) : new Consent.WhenQuiet(environment, host);
      if (isMoved(pointer, old, held, policy, consent)) {
        return true;
      }
      if (isOver) {
        skip(pointer, old, policy.refresh());
      }
      return isOver;
    }
  }

  /** False also where all that may run does, and may not be stopped. */
  private boolean isMoved(
      Pointer pointer, Clone old, HeldSnapshot held, EnvironmentPolicy policy, Consent consent)
      throws EnvironmentUnavailable {
    Moving.Order order =
        new Moving.Order(policy, TrashReason.REFRESHED, consent, false, UnaryOperator.identity());
    try {
      return moving.move(pointer, old, held, order).isPresent();
    } catch (EnvironmentUnavailable e) {
      if (e.kind() == EnvironmentUnavailable.Kind.LIMIT) {
        LOG.debug("environment {}: {}", environment.name(), e.getMessage());
        return false;
      }
      throw e;
    }
  }

  private void skip(Pointer pointer, Clone old, RefreshPolicy refresh) {
    EnvironmentRecord skipped = pointer.record().skippedRefresh();
    LOG.warn(
        "environment {}: it was used, or too many others were, for {}; it keeps the data of {} this"
            + " time. After {} such times in a row (this was number {}) nobody is waited for",
        skipped.name(),
        refresh.grace(),
        old.origin().dataTime(),
        refresh.mostSkips(),
        skipped.skippedRefreshes());
    try {
      host.store().write(skipped, old.outlivesCrash());
      environment.state().pointAt(new Pointer(skipped, old, false));
    } catch (IOException e) {
      LOG.warn("environment {}: that could not be recorded: {}", skipped.name(), e.toString());
    }
  }
}
