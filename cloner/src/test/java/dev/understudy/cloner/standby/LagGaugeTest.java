package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.source.Lag;
import dev.understudy.cloner.source.Lsn;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LagGaugeTest {
  private static final Instant NOW = Instant.now();
  private static final Duration HOUR = Duration.ofHours(1);

  private final LagGauge gauge = new LagGauge("prod");

  private static ReplicaStatus status(
      long replayed, @Nullable Long received, @Nullable Long sent, boolean idle) {
    return status(replayed, received, sent, idle, null);
  }

  private static ReplicaStatus status(
      long replayed,
      @Nullable Long received,
      @Nullable Long sent,
      boolean idle,
      @Nullable Instant lastCommit) {
    return new ReplicaStatus(
        new Lsn(replayed),
        received == null ? null : new Lsn(received),
        sent != null,
        sent == null ? null : new Lsn(sent),
        lastCommit,
        false,
        idle);
  }

  @Test
  void nothingIsKnownBeforeTheFirstLook() {
    assertThat(gauge.lag()).isEmpty();
  }

  @Test
  void standbyThatHasEverythingIsNotBehind() {
    gauge.saw(status(100, 100L, 100L, false), NOW, "");

    assertThat(gauge.lag()).contains(new Lag(0, Duration.ZERO, true));
  }

  @Test
  void bytesAreWhatProductionHasToldOf() {
    gauge.saw(status(100, 150L, 200L, false), NOW, "");

    assertThat(gauge.lag().orElseThrow().bytes()).isEqualTo(100);
    assertThat(gauge.lag().orElseThrow().connected()).isTrue();
  }

  /** Half of a record was flushed, which cannot be replayed. */
  @Test
  void standbyThatWaitsForTheRestOfARecordIsNotBehind() {
    gauge.saw(status(100, 150L, 150L, true), NOW, "");

    assertThat(gauge.lag()).contains(new Lag(0, Duration.ZERO, true));
  }

  @Test
  void standbyOfAnEarlierDaemonIsAsOldAsItsData() {
    gauge.sawNothing(NOW.minus(HOUR), "gone");
    assertThat(gauge.lag().orElseThrow().time()).isBetween(HOUR, HOUR.plusMinutes(5));

    LagGauge another = new LagGauge("prod");
    another.saw(status(100, 150L, 200L, false), NOW.minus(HOUR), "");
    assertThat(another.lag().orElseThrow().time()).isBetween(HOUR, HOUR.plusMinutes(5));

    LagGauge replaying = new LagGauge("prod");
    replaying.saw(
        status(100, null, null, false, NOW.minus(HOUR)), NOW.minus(HOUR.multipliedBy(2)), "");
    assertThat(replaying.lag().orElseThrow().time()).isBetween(HOUR, HOUR.plusMinutes(5));
  }

  @Test
  void clockOfProductionMayBeAhead() {
    gauge.saw(status(100, 150L, 200L, false), NOW.plus(HOUR), "");

    assertThat(gauge.lag().orElseThrow().time()).isBetween(Duration.ZERO, Duration.ofMinutes(5));
  }

  /** Something new has always come meanwhile. */
  @Test
  void standbyOfABusyProductionIsAsOldAsTheLookWhoseEndItHas() {
    gauge.saw(status(100, 150L, 200L, false), NOW.minus(HOUR), "");
    gauge.saw(status(199, 199L, 300L, false), NOW, "");
    assertThat(gauge.lag().orElseThrow().time()).isGreaterThanOrEqualTo(HOUR);

    gauge.saw(status(200, 250L, 400L, false), NOW, "");
    Lag behind = gauge.lag().orElseThrow();
    assertThat(behind.time()).isBetween(Duration.ofNanos(1), Duration.ofMinutes(5));
    assertThat(behind.bytes()).isEqualTo(200);

    gauge.saw(status(399, 399L, 500L, false), NOW, "");
    assertThat(gauge.lag().orElseThrow().time()).isGreaterThan(behind.time());
  }

  @Test
  void timeGrowsFromTheLastMomentWithEverything() throws Exception {
    gauge.saw(status(100, 100L, 100L, false), NOW, "");
    gauge.saw(status(100, 150L, 200L, false), NOW, "");
    Duration first = gauge.lag().orElseThrow().time();
    gauge.sawNothing(NOW, "gone");
    Lag second = gauge.lag().orElseThrow();

    assertThat(second.time()).isGreaterThan(first);
    assertThat(second.bytes()).isEqualTo(100);
    assertThat(second.connected()).isFalse();

    gauge.saw(status(200, 200L, 200L, false), NOW, "");
    assertThat(gauge.lag()).contains(new Lag(0, Duration.ZERO, true));
  }
}
