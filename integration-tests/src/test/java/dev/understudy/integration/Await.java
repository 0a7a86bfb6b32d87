package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what another process does; looks often enough to catch what is there for a moment. */
final class Await {
  private static final Duration SOON = Duration.ofSeconds(60);

  private Await() {}

  static void soon(String what, Callable<Boolean> condition) throws Exception {
    within(SOON, what, condition);
  }

  static void within(Duration longest, String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("%s, within %s", what, longest).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }
}
