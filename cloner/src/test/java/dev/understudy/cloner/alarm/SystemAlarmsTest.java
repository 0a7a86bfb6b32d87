package dev.understudy.cloner.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.fake.ManualClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemAlarmsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualClock clock = new ManualClock();
  private final SystemAlarms alarms = new SystemAlarms(new Time());
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    alarms.close();
  }

  @Test
  void alarmsFollowAClockThatIsSetForwardAfterThoseWhoCareWereTold() throws Exception {
    alarms.onJump(_ -> heard.add("jump"));
    alarms.at(clock.instant().plus(HOUR), () -> heard.add("alarm"));
    assertThat(heard.poll(100, TimeUnit.MILLISECONDS)).isNull();

    clock.advance(HOUR);

    assertThat(List.of(next(), next())).containsExactly("jump", "alarm");
  }

  @Test
  void alarmsFollowAClockThatIsSetBack() throws Exception {
    alarms.onJump(_ -> heard.add("jump"));
    alarms.at(clock.instant().plus(HOUR), () -> heard.add("alarm"));
    clock.advance(HOUR.negated());
    assertThat(next()).isEqualTo("jump");

    clock.advance(HOUR);
    assertThat(next()).isEqualTo("jump");
    assertThat(heard.poll(100, TimeUnit.MILLISECONDS)).isNull();

    clock.advance(HOUR);
    assertThat(List.of(next(), next())).containsExactly("jump", "alarm");
  }

  @Test
  void whoLooksWhileAJumpIsDealtWithWaitsForThat() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    alarms.onJump(_ -> {
      heard.add("jump");
      awaitUnchecked(end);
      heard.add("dealt with");
    });
    clock.advance(HOUR);
    assertThat(next()).isEqualTo("jump");

    Thread looker =
        Thread.ofPlatform()
            .start(() -> {
              alarms.lookAtClock();
              heard.add("looked");
            });
    assertThat(heard.poll(100, TimeUnit.MILLISECONDS)).isNull();
    end.countDown();

    assertThat(List.of(next(), next())).containsExactly("dealt with", "looked");
    looker.join();
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theHostsOwnTimeGoesOnWhateverTheClockSays() throws Exception {
    alarms.in(Duration.ofMillis(200), () -> heard.add("alarm"));
    alarms.in(Duration.ofMillis(200), () -> heard.add("cancelled")).cancel();
    clock.advance(HOUR.negated());

    assertThat(next()).isEqualTo("alarm");
    assertThat(heard.poll(100, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void whatIsCancelledIsNotHeard() throws Exception {
    Alarms.Alarm cancelled = alarms.at(clock.instant().plus(HOUR), () -> heard.add("cancelled"));
    alarms.at(clock.instant().plus(HOUR), () -> heard.add("alarm"));
    alarms.at(clock.instant(), () -> heard.add("looked at"));
    assertThat(next()).isEqualTo("looked at");
    cancelled.cancel();

    clock.advance(HOUR);

    assertThat(next()).isEqualTo("alarm");
    assertThat(heard.poll(100, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void anAlarmThatFailsCostsNobodyElse() throws Exception {
    alarms.at(
        clock.instant(),
        () -> {
          throw new IllegalStateException("the test wants it so");
        });
    alarms.at(clock.instant(), () -> heard.add("alarm"));

    assertThat(next()).isEqualTo("alarm");
  }

  private String next() throws InterruptedException {
    String next = heard.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was heard");
    }
    return next;
  }

  /** Its wall clock is the manual one, and alarms are soon. */
  private final class Time implements HostTime {
    @Override
    public InstantSource clock() {
      return clock;
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public Duration longestSleep() {
      return Duration.ofMillis(20);
    }
  }
}
