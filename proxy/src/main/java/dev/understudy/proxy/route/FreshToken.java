package dev.understudy.proxy.route;

import java.util.regex.Pattern;

/** Names a run, of a CI say, for which an environment begins anew once. */
record FreshToken(String text) {
  static final String RULE = "A token has 1 to 128 printable characters.";

  private static final Pattern VALID =
      Pattern.compile("\\p{Print}{1,128}", Pattern.UNICODE_CHARACTER_CLASS);

  FreshToken {
    if (!VALID.matcher(text).matches()) {
      throw new IllegalArgumentException("not a token");
    }
  }

  static FreshToken parse(String text) {
    if (!VALID.matcher(text).matches()) {
      throw new RefusedException(Refusals.badToken());
    }
    return new FreshToken(text);
  }
}
