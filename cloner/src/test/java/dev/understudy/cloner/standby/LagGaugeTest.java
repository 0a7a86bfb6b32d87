package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.source.Lag;
import dev.understudy.cloner.source.Lsn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LagGaugeTest {
  private final LagGauge gauge = new LagGauge("prod");

  private static ReplicaStatus status(
      long replayed, @Nullable Long received, @Nullable Long sent, boolean idle) {
    return new ReplicaStatus(
        new Lsn(replayed),
        received == null ? null : new Lsn(received),
        sent != null,
        sent == null ? null : new Lsn(sent),
        null,
        false,
        idle);
  }

  @Test
  void nothingIsKnownBeforeTheFirstLook() {
    assertThat(gauge.lag()).isEmpty();
  }

  @Test
  void standbyThatHasEverythingIsNotBehind() {
    gauge.saw(status(100, 100L, 100L, false), "");

    assertThat(gauge.lag()).contains(new Lag(0, Duration.ZERO, true));
  }

  @Test
  void bytesAreWhatProductionHasToldOf() {
    gauge.saw(status(100, 150L, 200L, false), "");

    assertThat(gauge.lag().orElseThrow().bytes()).isEqualTo(100);
    assertThat(gauge.lag().orElseThrow().connected()).isTrue();
  }

  /** Half of a record was flushed, which cannot be replayed. */
  @Test
  void standbyThatWaitsForTheRestOfARecordIsNotBehind() {
    gauge.saw(status(100, 150L, 150L, true), "");

    assertThat(gauge.lag()).contains(new Lag(0, Duration.ZERO, true));
  }

  @Test
  void timeGrowsFromTheLastMomentWithEverything() throws Exception {
    gauge.saw(status(100, 100L, 100L, false), "");
    gauge.saw(status(100, 150L, 200L, false), "");
    Duration first = gauge.lag().orElseThrow().time();
    gauge.sawNothing("gone");
    Lag second = gauge.lag().orElseThrow();

    assertThat(second.time()).isGreaterThan(first);
    assertThat(second.bytes()).isEqualTo(100);
    assertThat(second.connected()).isFalse();

    gauge.saw(status(200, 200L, 200L, false), "");
    assertThat(gauge.lag()).contains(new Lag(0, Duration.ZERO, true));
  }
}
