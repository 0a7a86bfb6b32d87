package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a client waits for the end of what it asks for, by the header {@code Prefer} of RFC
 * 7240.
 *
 * @param patience zero: not at all
 * @param applied for {@code Preference-Applied}; empty: the client has no preference
 */
public record Preference(Duration patience, String applied) {
  /** So that no proxy between takes the silence for the end. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final Pattern ONE =
      Pattern.compile("\\s*([a-z-]+)\\s*(?:=\\s*\"?(\\d{1,9})\"?\\s*)?(?:;.*)?");
  private static final Pattern COMMA = Pattern.compile(",");

  public Preference {
    requireNonNull(patience, "patience is null");
    requireNonNull(applied, "applied is null");
  }

  /**
   * Reads the headers; what is not understood is passed over, as RFC 7240 wants it.
   *
   * @param otherwise how long those wait who say nothing
   */
  static Preference of(Collection<String> headers, Duration otherwise) {
    boolean async = false;
    Duration wait = null;
    for (String header : headers) {
      for (String preference : COMMA.splitAsStream(header.toLowerCase(Locale.ROOT)).toList()) {
        Matcher matcher = ONE.matcher(preference);
        if (!matcher.matches()) {
          continue;
        }
        if (matcher.group(1).equals("respond-async")) {
          async = true;
        } else if (matcher.group(1).equals("wait") && matcher.group(2) != null && wait == null) {
          wait = Duration.ofSeconds(Long.parseLong(matcher.group(2)));
        }
      }
    }
    if (wait != null) {
      Duration bounded = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
      return new Preference(
          bounded, (async ? "respond-async, " : "") + "wait=" + bounded.toSeconds());
    }
    return async
        ? new Preference(Duration.ZERO, "respond-async")
        : new Preference(otherwise.compareTo(LONGEST) > 0 ? LONGEST : otherwise, "");
  }
}
