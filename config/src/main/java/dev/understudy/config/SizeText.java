package dev.understudy.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: a whole number and a unit, each 1,024 of the one before. */
public final class SizeText {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9}) *([A-Za-z]*)");
  private static final Map<String, Integer> SHIFTS =
      Map.of("K", 10, "KiB", 10, "M", 20, "MiB", 20, "G", 30, "GiB", 30, "T", 40, "TiB", 40);

  private SizeText() {}

  /**
   * Bytes.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a size such as 512M or 100G");
    }
    Integer shift = SHIFTS.get(form.group(2));
    if (shift == null) {
      throw new IllegalArgumentException("'" + text + "' has no unit; write K, M, G or T");
    }
    long number = Long.parseLong(form.group(1));
    if (number > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException("'" + text + "' is more than any disk has");
    }
    return number << shift;
  }
}
