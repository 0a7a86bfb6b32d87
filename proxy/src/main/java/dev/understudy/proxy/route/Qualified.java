package dev.understudy.proxy.route;

import org.jspecify.annotations.Nullable;

/**
 * A user or database name with the environment that follows its last {@code @}.
 *
 * @param environment as written; null: there is no {@code @}
 */
record Qualified(String name, @Nullable String environment) {
  private static final String ESCAPED = "%40";

  static Qualified whole(String text) {
    return new Qualified(text, null);
  }

  /** Splits at the last {@code @}. */
  static Qualified split(String text) {
    int at = text.lastIndexOf('@');
    return at < 0 ? whole(text) : new Qualified(text.substring(0, at), text.substring(at + 1));
  }

  /**
   * Splits at the last {@code @}, for which a literal {@code %40} counts: some clients do not
   * decode the database name of a URL.
   */
  static Qualified splitUrl(String text) {
    return split(text.replace(ESCAPED, "@"));
  }
}
