package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.Lag;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a replica is behind, kept by who looks at it from time to time, and told in the log when
 * that begins or ends to matter. One thread writes; {@link #lag} is for everybody.
 */
final class LagGauge {
  private static final Logger LOG = LoggerFactory.getLogger(LagGauge.class);
  private static final Duration MUCH_TIME = Duration.ofMinutes(10);
  private static final long MANY_BYTES = 1L << 30;

  /** A connection that is made anew after a stop of ours is not worth a word. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final String source;
  private volatile @Nullable Reading reading;
  private long disconnectedAt;
  private boolean connected = true;
  private boolean toldLost;
  private boolean toldLag;

  /**
   * @param caughtUpAt as nanoTime, when it was last known to have everything
   */
  private record Reading(long bytes, long caughtUpAt, boolean connected, boolean caughtUp) {}

  LagGauge(String source) {
    this.source = requireNonNull(source, "source is null");
    this.disconnectedAt = System.nanoTime();
  }

  /** Empty before the first look. */
  Optional<Lag> lag() {
    Reading now = reading;
    if (now == null) {
      return Optional.empty();
    }
    Duration time =
        now.caughtUp() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - now.caughtUpAt());
    return Optional.of(new Lag(now.bytes(), time, now.connected()));
  }

  /** The standby runs, and says this of itself. */
  void saw(ReplicaStatus status, String complaint) {
    long now = System.nanoTime();
    Reading before = reading;
    long bytes =
        status.streaming() || before == null
            ? status.bytesBehind()
            : Math.max(status.bytesBehind(), before.bytes());
    boolean caughtUp = status.streaming() && bytes == 0;
    long caughtUpAt = caughtUp || before == null ? now : before.caughtUpAt();
    reading = new Reading(bytes, caughtUpAt, status.streaming(), caughtUp);
    tell(status.streaming(), complaint, now);
  }

  /** The standby does not run. */
  void sawNothing(String complaint) {
    Reading before = reading;
    long now = System.nanoTime();
    reading =
        new Reading(
            before == null ? 0 : before.bytes(),
            before == null ? now : before.caughtUpAt(),
            false,
            false);
    tell(false, complaint, now);
  }

  private void tell(boolean streaming, String complaint, long now) {
    if (connected && !streaming) {
      disconnectedAt = now;
    }
    connected = streaming;
    if (!streaming && !toldLost && now - disconnectedAt > GRACE.toNanos()) {
      toldLost = true;
      LOG.warn(
          "source {}: the connection to production is lost; the standby keeps trying{}",
          source,
          complaint.isEmpty() ? "" : ": " + complaint);
    }
    if (streaming && toldLost) {
      toldLost = false;
      LOG.info("source {}: the standby is connected to production again", source);
    }
    Lag lag = lag().orElseThrow();
    boolean much = lag.bytes() > MANY_BYTES || lag.time().compareTo(MUCH_TIME) > 0;
    if (much != toldLag) {
      toldLag = much;
      if (much) {
        LOG.warn(
            "source {}: the standby is {} MiB and {} s behind production",
            source,
            lag.bytes() >> 20,
            lag.time().toSeconds());
      } else {
        LOG.info("source {}: the standby has caught up with production", source);
      }
    }
  }
}
