package dev.understudy.config;

import dev.understudy.config.RefreshPolicy.Trigger;
import java.time.Duration;

/** Reads when the environments of one pattern move to the newest snapshot. */
final class RefreshReader {
  private static final Duration MOST_GRACE = Duration.ofDays(7);
  private static final int MOST_SKIPS = 1000;

  private RefreshReader() {}

  static RefreshPolicy read(Section section) {
    return new RefreshPolicy(
        section.parsed("refresh", new Trigger.Never(), RefreshReader::trigger),
        section.duration("refresh-grace", RefreshPolicy.DEFAULT_GRACE, Duration.ZERO, MOST_GRACE),
        section.integer("refresh-skips", RefreshPolicy.DEFAULT_MOST_SKIPS, 0, MOST_SKIPS));
  }

  private static Trigger trigger(String text) {
    return switch (text) {
      case "never" -> new Trigger.Never();
      case "after-snapshot" -> new Trigger.AfterSnapshot();
      default -> {
        // A word is no attempt at a cron expression.
        if (!text.contains(" ")) {
          throw new IllegalArgumentException(
              "'%s' is none of after-snapshot, never, or a cron expression such as \"0 6 * * 1\""
                  .formatted(text));
        }
        yield new Trigger.Scheduled(new Schedule(text));
      }
    };
  }
}
