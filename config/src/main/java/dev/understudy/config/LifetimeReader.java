package dev.understudy.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads how long environments stay awake, and how long they stay. */
final class LifetimeReader {
  private static final String NEVER = "never";
  private static final Duration SUSPEND_AFTER = Duration.ofMinutes(10);
  private static final Duration DROP_AFTER = Duration.ofDays(3);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(3650);

  private LifetimeReader() {}

  static Lifetime read(Section section) {
    return new Lifetime(
        duration(section, "suspend-after", SUSPEND_AFTER),
        duration(section, "drop-after", DROP_AFTER),
        duration(section, "expires", null));
  }

  private static @Nullable Duration duration(
      Section section, String key, @Nullable Duration otherwise) {
    String text = section.text(key);
    if (text == null) {
      return otherwise;
    }
    return NEVER.equals(text) ? null : section.duration(key, MOST, LEAST, MOST);
  }
}
