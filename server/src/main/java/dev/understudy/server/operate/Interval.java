package dev.understudy.server.operate;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time, as both PostgreSQL's intervals and the settings write them. */
public final class Interval {
  private static final Duration MOST = Duration.ofDays(3_650);
  private static final int MOST_CHARACTERS = 100;
  private static final Pattern WHOLE = Pattern.compile("\\s*(\\d{1,6}\\s*[a-z]+\\s*)+");
  private static final Pattern PART = Pattern.compile("(\\d+)\\s*([a-z]+)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "s", ChronoUnit.SECONDS,
          "sec", ChronoUnit.SECONDS,
          "second", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "min", ChronoUnit.MINUTES,
          "minute", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "hour", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS,
          "day", ChronoUnit.DAYS);

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
      sum = sum.plus(unit(text, part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
    }
    if (sum.isZero() || sum.compareTo(MOST) > 0) {
      throw invalid(text);
    }
    return sum;
  }

  private static Duration unit(String text, String word) {
    if (word.matches("w|weeks?")) {
      return Duration.ofDays(7);
    }
    ChronoUnit unit = UNITS.get(word);
    if (unit == null && word.endsWith("s")) {
      unit = UNITS.get(word.substring(0, word.length() - 1));
    }
    if (unit == null) {
      throw invalid(text);
    }
    return unit.getDuration();
  }

  private static OperationException invalid(String text) {
    return OperationException.of(
        "22007",
        "invalid input syntax for type interval: \"" + text + "\"",
        null,
        "Write for example '2 days', '3h' or '1 week', ten years at most.");
  }
}
