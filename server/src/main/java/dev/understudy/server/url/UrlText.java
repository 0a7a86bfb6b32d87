package dev.understudy.server.url;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes a URL; what is given is encoded, whatever it is. */
final class UrlText {
  private final StringBuilder text;
  private char separator = '?';

  /** Without a user. */
  static UrlText of(String scheme, ConnectionParameters parameters) {
    return new UrlText(scheme + parameters.authority() + "/" + encode(parameters.database()));
  }

  static UrlText withUser(String scheme, ConnectionParameters parameters) {
    return new UrlText(
        scheme
            + encode(parameters.user())
            + "@"
            + parameters.authority()
            + "/"
            + encode(parameters.database()));
  }

  private UrlText(String begin) {
    this.text = new StringBuilder(begin);
  }

  /** Adds to the query; null: nothing to add. */
  UrlText with(String name, @Nullable Object value) {
    if (value != null) {
      text.append(separator).append(name).append('=');
      // A path reads better as it is, and may be so in a query.
      text.append(encode(value.toString()).replace("%2F", "/"));
      separator = '&';
    }
    return this;
  }

  /** A blank as {@code %20}: not everybody takes a plus for one. */
  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
