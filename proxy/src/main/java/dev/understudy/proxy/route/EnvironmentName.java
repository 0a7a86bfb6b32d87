package dev.understudy.proxy.route;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of an environment, folded and valid. */
public record EnvironmentName(String text) {
  public static final String RULE =
      "A name has 1 to 63 characters, a-z, 0-9, \"-\" and \"_\", and begins and ends with a letter"
          + " or digit.";

  private static final int MAXIMUM_LENGTH = 63;
  private static final Pattern VALID = Pattern.compile("[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?");
  private static final Pattern BAD = Pattern.compile("[^a-z0-9_-]+");

  public EnvironmentName {
    if (!VALID.matcher(text).matches()) {
      throw new IllegalArgumentException("not a name: " + text);
    }
  }

  /** Null if the text, folded to lower case, is no name. */
  public static @Nullable EnvironmentName parse(String text) {
    String folded = fold(text);
    return VALID.matcher(folded).matches() ? new EnvironmentName(folded) : null;
  }

  /** The name that somebody may have meant; null if nothing is left of the text. */
  public static @Nullable EnvironmentName nearest(String text) {
    String name = trim(BAD.matcher(fold(text)).replaceAll("-"));
    if (name.length() > MAXIMUM_LENGTH) {
      name = trim(name.substring(0, MAXIMUM_LENGTH));
    }
    return parse(name);
  }

  /** ASCII only, as PostgreSQL folds: no letter of another alphabet may become one of ours. */
  private static String fold(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      folded.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return folded.toString();
  }

  /** By hand: a regular expression for the end is tried at every character before it. */
  private static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isJoiner(text.charAt(start))) {
      start++;
    }
    while (end > start && isJoiner(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isJoiner(char c) {
    return c == '-' || c == '_';
  }

  @Override
  public String toString() {
    return text;
  }
}
