package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.EnvironmentPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the data of one environment has for itself on disk, as it was measured last, against what
 * its policy allows. One whose snapshot is gone is not measured: what it shared with that is its
 * own by then, too. Thread-safe.
 */
final class PrivateLimit {
  /** How old a measure may be that refuses a session. */
  static final Duration FRESH = Duration.ofSeconds(10);

  private static final int WARN_PERCENT = 80;
  private static final int WHOLE = 100;
  private static final Logger LOG = LoggerFactory.getLogger(PrivateLimit.class);

  private final Environment environment;
  private final EnvironmentHost host;
  private volatile @Nullable Measure last;
  private @Nullable CompletableFuture<Void> look;

  /** Bytes of a clone at a time. */
  private record Measure(Clone of, long bytes, Instant at) {}

  PrivateLimit(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /**
   * What the policy of now allows.
   *
   * @param key that says so
   */
  private record Limit(long bytes, String key) {}

  private @Nullable Limit limit() {
    EnvironmentPolicy policy = host.policies().of(environment.name()).orElse(null);
    Long bytes = policy == null ? null : policy.resources().privateBytes();
    return policy == null || bytes == null
        ? null
        : new Limit(bytes, "environments.\"%s\".private-limit".formatted(policy.pattern()));
  }

  boolean exists() {
    return limit() != null;
  }

  /** As far as is known, unless the request replaces the data. Cheap. */
  boolean isExceeded(EnvironmentRequest request) {
    return excess(limit()) != null && !beginsAnew(request);
  }

  private boolean beginsAnew(EnvironmentRequest request) {
    Pointer pointer = environment.pointer();
    String token = request.fresh();
    return token != null && pointer != null && !pointer.record().isFreshFor(token);
  }

  /** The measure of the clone that it is now, if that is more than is allowed. */
  private @Nullable Measure excess(@Nullable Limit limit) {
    Measure measure = last;
    Pointer pointer = environment.pointer();
    return limit != null
            && measure != null
            && measure.bytes() > limit.bytes()
            && pointer != null
            && measure.of().equals(pointer.target())
        ? measure
        : null;
  }

  /** Why nobody gets in, by a measure that is fresh; empty if there is no reason any more. */
  CompletableFuture<Optional<EnvironmentUnavailable>> refusal() {
    return fresh()
        .handle((_, failure) -> {
          if (failure != null) {
            return Optional.of(Refusals.shuttingDown());
          }
          Limit limit = limit();
          Measure excess = excess(limit);
          return excess == null || limit == null
              ? Optional.empty()
              : Optional.of(
                  Refusals.wroteTooMuch(
                      environment.name(), excess.bytes(), limit.bytes(), limit.key()));
        });
  }

  private static boolean isFresh(Instant measured, Instant now) {
    return !measured.isAfter(now) && measured.plus(FRESH).isAfter(now);
  }

  /** One look, however many wait for it. */
  private synchronized CompletableFuture<Void> fresh() {
    Measure measure = last;
    if (measure != null && isFresh(measure.at(), host.clock().instant())) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> running = look;
    if (running == null || running.isDone()) {
      try {
        running = CompletableFuture.runAsync(this::measure, host.threads());
      } catch (RejectedExecutionException e) {
        return CompletableFuture.failedFuture(e);
      }
      look = running;
    }
    return running;
  }

  /** Looks at it now, somewhere else, if there is a limit. Never blocks. */
  void measureSoon() {
    if (exists()) {
      try {
        host.threads().execute(this::measure);
      } catch (RejectedExecutionException e) {
        LOG.debug("environment {} is measured by the next daemon", environment.name());
      }
    }
  }

  /** Looks at it now, if there is a limit, and warns. Blocks. */
  void measure() {
    Limit limit = limit();
    Pointer pointer = environment.pointer();
    Clone clone = pointer == null ? null : pointer.target();
    if (limit == null || clone == null) {
      return;
    }
    try {
      Optional<Snapshot> snapshot =
          host.snapshots().find(clone.origin().source(), clone.origin().snapshot());
      Measure before = last;
      Measure now =
          snapshot.isEmpty()
              ? null
              : new Measure(
                  clone, host.clones().bytesBeyond(snapshot.get(), clone), host.clock().instant());
      last = now;
      if (now != null) {
        warn(limit, before != null && before.of().equals(clone) ? before.bytes() : 0, now.bytes());
      }
    } catch (IOException e) {
      LOG.warn(
          "environment {}: what it has written could not be measured: {}",
          environment.name(),
          e.toString());
    }
  }

  private void warn(Limit limit, long before, long now) {
    long most = limit.bytes();
    long warnFrom = most / WHOLE * WARN_PERCENT;
    if (now > most && before <= most) {
      LOG.warn(
          "environment {}: {} bytes on disk are its own, more than the {} that {} allows: nobody"
              + " gets in any more",
          environment.name(),
          now,
          most,
          limit.key());
    } else if (now > warnFrom && before <= warnFrom) {
      LOG.warn(
          "environment {}: {} bytes on disk are its own, and {} allows {}; over that nobody gets"
              + " in",
          environment.name(),
          now,
          limit.key(),
          most);
    }
  }
}
