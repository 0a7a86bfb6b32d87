package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.source.Lsn;
import org.junit.jupiter.api.Test;

class ArrivalTest {
  private final Arrival arrival = new Arrival(new Lsn(150));

  private static ReplicaStatus status(long replayed, long received, boolean idle) {
    return new ReplicaStatus(
        new Lsn(replayed), new Lsn(received), true, new Lsn(received), null, false, idle);
  }

  @Test
  void whatIsReplayedIsThereAtOnce() {
    assertThat(arrival.saw(status(149, 200, false))).isFalse();
    assertThat(arrival.saw(status(150, 200, false))).isTrue();
  }

  /** Who was told of the last record a moment ago looks for that moment as who has replayed it. */
  @Test
  void aMomentsWaitIsNoArrival() {
    assertThat(arrival.saw(status(100, 150, true))).isFalse();
    assertThat(arrival.saw(status(120, 150, true))).isFalse();
    assertThat(arrival.saw(status(120, 150, false))).isFalse();
    assertThat(arrival.saw(status(150, 150, true))).isTrue();
  }

  /** Half of a record was flushed, of which nothing can be replayed. */
  @Test
  void whoWaitsForTheRestOfARecordHasArrived() {
    for (int look = 1; look < 5; look++) {
      assertThat(arrival.saw(status(140, 150, true))).isFalse();
    }
    assertThat(arrival.saw(status(140, 150, true))).isTrue();
  }

  @Test
  void whoLacksSomethingHasNotArrivedHoweverLongItWaits() {
    for (int look = 0; look < 100; look++) {
      assertThat(arrival.saw(status(140, 149, true))).isFalse();
    }
  }
}
