package dev.understudy.server.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values of the API as people say them. */
public final class Spoken {
  /** Where nothing is known, or nothing applies. */
  public static final String NOTHING = "-";

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int UNIT = 1024;

  private final Instant now;

  public Spoken(InstantSource clock) {
    this.now = requireNonNull(clock, "clock is null").instant();
  }

  public static String text(JsonNode value) {
    return value.isNull() || value.isMissingNode() ? NOTHING : value.asText();
  }

  /** How long ago: {@code 3m}, {@code 2d}. */
  public String age(JsonNode time) {
    Instant moment = moment(time);
    return moment == null ? NOTHING : span(Duration.between(moment, now));
  }

  /** How long until then: {@code in 3h}; {@code soon} where it is over. */
  public String until(JsonNode time) {
    Instant moment = moment(time);
    if (moment == null) {
      return NOTHING;
    }
    Duration left = Duration.between(now, moment);
    return left.isPositive() ? "in " + span(left) : "soon";
  }

  /** The earlier of two moments that both may be none. */
  public static JsonNode earlier(JsonNode one, JsonNode other) {
    Instant first = moment(one);
    Instant second = moment(other);
    if (first == null || second == null) {
      return first == null ? other : one;
    }
    return first.isAfter(second) ? other : one;
  }

  private static @Nullable Instant moment(JsonNode time) {
    return time.isTextual() ? Instant.parse(time.textValue()) : null;
  }

  static String span(Duration span) {
    long seconds = Math.max(0, span.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + "m";
    }
    return seconds < 48 * 3_600 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
  }

  /** Bytes, to three digits: {@code 1.2 GiB}. */
  public static String size(JsonNode bytes) {
    return bytes.isIntegralNumber() ? size(bytes.longValue()) : NOTHING;
  }

  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= UNIT && unit < UNITS.length - 1) {
      value /= UNIT;
      unit++;
    }
    String format = unit == 0 || value >= 10 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, UNITS[unit]);
  }
}
