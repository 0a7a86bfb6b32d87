package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.Lag;
import dev.understudy.cloner.source.Lsn;
import java.time.Duration;
import java.time.Instant;
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
  private @Nullable Mark mark;
  private long disconnectedAt;
  private boolean connected = true;
  private boolean toldLost;
  private boolean toldLag;

  /**
   * @param caughtUpAt as nanoTime: it has everything that production had written then
   */
  private record Reading(long bytes, long caughtUpAt, boolean connected, boolean caughtUp) {}

  /**
   * A busy production is never caught up with: what it had written at one look is had at a later
   * one, and that much is known then.
   *
   * @param end of production's WAL
   * @param seenAt as nanoTime, when it was that
   */
  private record Mark(Lsn end, long seenAt) {}

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

  /**
   * The standby runs, and says this of itself.
   *
   * @param dataTime everything that was committed before is in it, as far as recorded
   */
  void saw(ReplicaStatus status, Instant dataTime, String complaint) {
    long now = System.nanoTime();
    Reading before = reading;
    long bytes =
        status.streaming() || before == null
            ? status.bytesBehind()
            : Math.max(status.bytesBehind(), before.bytes());
    boolean caughtUp = status.streaming() && bytes == 0;
    long known = before == null ? then(latest(dataTime, status), now) : before.caughtUpAt();
    long caughtUpAt = caughtUp ? now : passed(status, known);
    setMark(status, caughtUp, now);
    reading = new Reading(bytes, caughtUpAt, status.streaming(), caughtUp);
    tell(status.streaming(), complaint, now);
  }

  private static Instant latest(Instant dataTime, ReplicaStatus status) {
    Instant commit = status.lastCommit();
    return commit != null && commit.isAfter(dataTime) ? commit : dataTime;
  }

  /** As nanoTime; production's clock may be ahead of ours. */
  private static long then(Instant instant, long now) {
    Duration age = Duration.between(instant, Instant.now());
    return age.isNegative() ? now : now - age.toNanos();
  }

  private long passed(ReplicaStatus status, long known) {
    Mark made = mark;
    if (made == null || !(status.hasReplayed(made.end()) || status.hasAllBut(made.end()))) {
      return known;
    }
    mark = null;
    return made.seenAt();
  }

  private void setMark(ReplicaStatus status, boolean caughtUp, long now) {
    Lsn end = status.sent();
    if (caughtUp) {
      mark = null;
    } else if (mark == null && status.streaming() && end != null) {
      mark = new Mark(end, now);
    }
  }

  /**
   * The standby does not run.
   *
   * @param dataTime everything that was committed before is in it, as far as recorded
   */
  void sawNothing(Instant dataTime, String complaint) {
    Reading before = reading;
    long now = System.nanoTime();
    reading =
        new Reading(
            before == null ? 0 : before.bytes(),
            before == null ? then(dataTime, now) : before.caughtUpAt(),
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
