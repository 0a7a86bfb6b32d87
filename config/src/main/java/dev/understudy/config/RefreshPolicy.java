package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When environments move to a clone of the newest snapshot by themselves.
 *
 * @param grace how long one waits for what is being done in the environment; then it does not
 *     happen this time
 * @param mostSkips how often in a row it may not happen; the next time it happens whatever is being
 *     done
 */
public record RefreshPolicy(Trigger trigger, Duration grace, int mostSkips) {
  public static final Duration DEFAULT_GRACE = Duration.ofMinutes(10);

  public static final int DEFAULT_MOST_SKIPS = 3;

  public static final RefreshPolicy NEVER = of(new Trigger.Never());

  public static final RefreshPolicy AFTER_SNAPSHOT = of(new Trigger.AfterSnapshot());

  public RefreshPolicy {
    requireNonNull(trigger, "trigger is null");
    requireNonNull(grace, "grace is null");
    if (mostSkips < 0) {
      throw new IllegalArgumentException("mostSkips is " + mostSkips);
    }
  }

  private static RefreshPolicy of(Trigger trigger) {
    return new RefreshPolicy(trigger, DEFAULT_GRACE, DEFAULT_MOST_SKIPS);
  }

  /** What sets one off. */
  public sealed interface Trigger {
    record Never() implements Trigger {}

    /** Each new snapshot of the source. */
    record AfterSnapshot() implements Trigger {}

    record Scheduled(Schedule schedule) implements Trigger {
      public Scheduled {
        requireNonNull(schedule, "schedule is null");
      }
    }
  }
}
