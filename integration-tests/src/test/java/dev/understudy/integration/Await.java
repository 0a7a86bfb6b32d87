package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what another process does. */
final class Await {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration MOMENT = Duration.ofMillis(2);

  /** Whoever looks takes processors from who is looked at. */
  private static final Duration STATE = Duration.ofMillis(50);

  private Await() {}

  /** For what stays as it is then. */
  static void soon(String what, Callable<Boolean> condition) throws Exception {
    stays(SOON, what, condition);
  }

  /** For what stays as it is then, and takes its time. */
  static void stays(Duration longest, String what, Callable<Boolean> condition) throws Exception {
    await(STATE, longest, what, condition);
  }

  /** Looks often enough to catch what is there for a moment. */
  static void within(Duration longest, String what, Callable<Boolean> condition) throws Exception {
    await(MOMENT, longest, what, condition);
  }

  private static void await(
      Duration pause, Duration longest, String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("%s, within %s", what, longest).isLessThan(deadline);
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }
  }
}
