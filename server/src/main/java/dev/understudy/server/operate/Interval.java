package dev.understudy.server.operate;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spans of time, as both PostgreSQL's intervals and the settings write them. They are the same
 * whenever they begin: a month has 30 days, a year 365.
 */
public final class Interval {
  private static final Duration MOST = Duration.ofDays(3_650);
  private static final int MOST_CHARACTERS = 100;
  private static final Pattern WHOLE =
      Pattern.compile("\\s*((\\d{1,6}\\s*[a-z]+|\\d{1,6}(:[0-5]?\\d){1,2}(?![\\d:]))\\s*)+");
  private static final Pattern PART =
      Pattern.compile("(\\d+)\\s*([a-z]+)|(\\d+):(\\d+)(?::(\\d+))?");
  private static final Map<String, Duration> UNITS =
      Map.ofEntries(
          Map.entry("s", Duration.ofSeconds(1)),
          Map.entry("sec", Duration.ofSeconds(1)),
          Map.entry("second", Duration.ofSeconds(1)),
          Map.entry("m", Duration.ofMinutes(1)),
          Map.entry("min", Duration.ofMinutes(1)),
          Map.entry("minute", Duration.ofMinutes(1)),
          Map.entry("h", Duration.ofHours(1)),
          Map.entry("hour", Duration.ofHours(1)),
          Map.entry("d", Duration.ofDays(1)),
          Map.entry("day", Duration.ofDays(1)),
          Map.entry("w", Duration.ofDays(7)),
          Map.entry("week", Duration.ofDays(7)),
          Map.entry("mon", Duration.ofDays(30)),
          Map.entry("month", Duration.ofDays(30)),
          Map.entry("y", Duration.ofDays(365)),
          Map.entry("year", Duration.ofDays(365)));

  private Interval() {}

  /**
   * Reads one.
   *
   * @throws OperationException with 22007 if it is none, or longer than ten years
   */
  public static Duration parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() > MOST_CHARACTERS || !WHOLE.matcher(lower).matches()) {
      throw invalid(text);
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(lower);
    while (part.find()) {
      sum =
          sum.plus(
              part.group(1) == null
                  ? clock(part)
                  : unit(text, part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
    }
    if (sum.isZero() || sum.compareTo(MOST) > 0) {
      throw invalid(text);
    }
    return sum;
  }

  /** Hours, minutes, and seconds if they are given. */
  private static Duration clock(Matcher part) {
    return Duration.ofHours(Long.parseLong(part.group(3)))
        .plusMinutes(Long.parseLong(part.group(4)))
        .plusSeconds(part.group(5) == null ? 0 : Long.parseLong(part.group(5)));
  }

  private static Duration unit(String text, String word) {
    Duration unit = UNITS.get(word);
    if (unit == null && word.endsWith("s")) {
      unit = UNITS.get(word.substring(0, word.length() - 1));
    }
    if (unit == null) {
      throw invalid(text);
    }
    return unit;
  }

  private static OperationException invalid(String text) {
    return OperationException.of(
        "22007",
        "invalid input syntax for type interval: \"" + text + "\"",
        null,
        "Write for example '2 days', '3h', '1 month' or '02:30', ten years at most.");
  }
}
