package dev.understudy.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventLoopWatchTest {
  private final AtomicLong nanoTime = new AtomicLong();
  private final EventLoopWatch watch = new EventLoopWatch(nanoTime::get);

  @Test
  void aLoopThatKeepsUpIsNotLate() {
    second();
    pass(500);

    assertThat(watch.delay()).isZero();
  }

  @Test
  void aLoopThatIsBlockedShowsItMeanwhile() {
    pass(3500);

    assertThat(watch.delay()).isEqualTo(Duration.ofMillis(2500));
  }

  @Test
  void theLongestDelayIsRememberedForAWindowOrTwo() {
    pass(1700);
    watch.passed();
    second();
    assertThat(watch.delay()).isEqualTo(Duration.ofMillis(700));
    for (int i = 0; i < 30; i++) {
      second();
    }
    assertThat(watch.delay()).isEqualTo(Duration.ofMillis(700));
    for (int i = 0; i < 30; i++) {
      second();
    }
    assertThat(watch.delay()).isZero();
  }

  private void second() {
    pass(1000);
    watch.passed();
  }

  private void pass(long millis) {
    nanoTime.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
