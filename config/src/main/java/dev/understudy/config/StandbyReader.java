package dev.understudy.config;

import dev.understudy.config.SourceType.Collations;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what is special to a source of type {@code standby}. */
final class StandbyReader {
  private static final Pattern RATE = Pattern.compile("([0-9]{1,7})(k|M)");
  private static final int LEAST_RATE = 32;
  private static final int MOST_RATE = 1024 * 1024;
  private static final int LONGEST_SLOT = 63;

  private final String name;
  private final Section section;

  /**
   * @param name of the source
   */
  StandbyReader(String name, Section section) {
    this.name = name;
    this.section = section;
  }

  SourceType.Standby read(Secret url) {
    int rate = section.parsed("rate-limit", 0, StandbyReader::rate);
    Collations collations =
        section.choice(
            "collations",
            Map.of(
                "refuse", Collations.REFUSE,
                "reindex", Collations.REINDEX,
                "ignore", Collations.IGNORE),
            Collations.REFUSE);
    return new SourceType.Standby(
        url, rate == 0 ? null : rate, section.text("restore-command"), slot(), collations);
  }

  /** In kB/s, within the bounds of pg_basebackup. */
  private static Integer rate(String text) {
    Matcher rate = RATE.matcher(text);
    if (!rate.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no size per second such as 500k or 100M".formatted(text));
    }
    long value = Long.parseLong(rate.group(1)) * (rate.group(2).equals("M") ? 1024 : 1);
    if (value < LEAST_RATE || value > MOST_RATE) {
      throw new IllegalArgumentException("'%s' is not between 32k and 1024M".formatted(text));
    }
    return (int) value;
  }

  private @Nullable String slot() {
    String text = section.text("slot");
    if (text == null || text.equals("false")) {
      return null;
    }
    if (text.equals("true")) {
      String usual = "understudy_" + name.replace('-', '_');
      return usual.substring(0, Math.min(LONGEST_SLOT, usual.length()));
    }
    if (!text.matches("[a-z0-9_]{1,63}")) {
      section.error(
          "slot",
          "'"
              + text
              + "' is no name of a replication slot: 1 to 63 characters of a-z, 0-9 and _;"
              + " true stands for one made of the source's name");
    }
    return text;
  }
}
