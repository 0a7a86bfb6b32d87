package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.config.EnvironmentPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes an environment before its time because the pool has no room. */
final class Evicting {
  /** Who has just left may be back in a moment. */
  static final Duration UNUSED = Duration.ofMinutes(10);

  /** For what is being done to it already: more candidates wait. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Evicting.class);

  private final Environment environment;
  private final EnvironmentHost host;
  private volatile Instant notBefore = Instant.MIN;

  Evicting(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /** How long nobody has used it is not known: it stays for a while. */
  void clockJumped() {
    notBefore = host.clock().instant().plus(LifetimeWatch.GRACE);
  }

  /**
   * Removes it, to make room, if its policy drops it some day and nobody has used it for a while.
   * Blocks; not in its own serial executor.
   *
   * @return false if it is to stay
   */
  boolean run() throws InterruptedException {
    host.alarms().lookAtClock();
    if (!mayGo()) {
      return false;
    }
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    environment.tasks().execute(() -> run(result), result);
    try {
      return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } finally {
      result.cancel(false);
    }
  }

  private void run(CompletableFuture<Boolean> result) {
    if (!result.isCancelled()) {
      Outcome.of("evicted", environment.name(), this::evict).tell(result);
    }
  }

  private boolean evict() throws EnvironmentUnavailable {
    host.requireOpen();
    Pointer pointer = environment.pointer();
    Clone clone = pointer == null ? null : pointer.target();
    if (clone == null || !mayGo() || !host.idleness().isQuiet(clone)) {
      return false;
    }
    Instant used = environment.activity().last();
    if (!environment.dropping().ifIdle(this::mayGo, TrashReason.EVICTED)) {
      return false;
    }
    LOG.warn(
        "environment {}: removed with all that was written to it, as the pool had no room; nobody"
            + " had used it since {}",
        environment.name(),
        used);
    return true;
  }

  /** Cheap. */
  private boolean mayGo() {
    Pointer pointer = environment.pointer();
    if (pointer == null || pointer.target() == null || pointer.damaged()) {
      return false;
    }
    EnvironmentPolicy policy = host.policies().of(environment.name()).orElse(null);
    Instant now = host.clock().instant();
    return policy != null
        && policy.lifetime().dropAfter() != null
        && !pointer.record().guarded()
        && isPast(pointer.record().keptUntil(), now)
        && isPast(notBefore, now)
        && environment.sessions().count() == 0
        && !environment.activity().last().plus(UNUSED).isAfter(now);
  }

  private static boolean isPast(@Nullable Instant time, Instant now) {
    return time == null || !time.isAfter(now);
  }
}
