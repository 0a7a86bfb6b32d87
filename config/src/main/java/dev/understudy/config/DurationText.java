package dev.understudy.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as settings write them: a whole number and a unit. */
final class DurationText {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9}) *([a-z]*)");
  private static final Map<String, ChronoUnit> UNITS = units();

  private DurationText() {}

  /**
   * @throws IllegalArgumentException with a message for the user
   */
  static Duration parse(String text, Duration least, Duration most) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a duration such as 15s, 10m or 3d");
    }
    ChronoUnit unit = UNITS.get(form.group(2));
    if (unit == null) {
      throw new IllegalArgumentException("'" + text + "' has no unit; write ms, s, m, h, d or w");
    }
    Duration duration = unit.getDuration().multipliedBy(Long.parseLong(form.group(1)));
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not between " + print(least) + " and " + print(most));
    }
    return duration;
  }

  /** The shortest exact form. */
  static String print(Duration duration) {
    long millis = duration.toMillis();
    for (ChronoUnit unit :
        List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS)) {
      if (millis % unit.getDuration().toMillis() == 0) {
        String letter = unit.name().substring(0, 1).toLowerCase(Locale.ROOT);
        return millis / unit.getDuration().toMillis() + letter;
      }
    }
    return millis + "ms";
  }

  private static Map<String, ChronoUnit> units() {
    Map<String, ChronoUnit> units = new LinkedHashMap<>();
    name(units, ChronoUnit.MILLIS, "ms", "milli", "millis", "millisecond", "milliseconds");
    name(units, ChronoUnit.SECONDS, "s", "sec", "second", "seconds");
    name(units, ChronoUnit.MINUTES, "m", "min", "minute", "minutes");
    name(units, ChronoUnit.HOURS, "h", "hour", "hours");
    name(units, ChronoUnit.DAYS, "d", "day", "days");
    name(units, ChronoUnit.WEEKS, "w", "week", "weeks");
    return units;
  }

  private static void name(Map<String, ChronoUnit> units, ChronoUnit unit, String... names) {
    for (String name : names) {
      units.put(name, unit);
    }
  }
}
