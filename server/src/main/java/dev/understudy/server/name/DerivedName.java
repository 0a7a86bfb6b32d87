package dev.understudy.server.name;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.understudy.config.EnvironmentName;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of an environment for a text, such as the name of a branch. The same text always gets
 * the same name, on every machine. A text that is a name already is kept; any other gets a digest
 * of itself at the end, so that texts that differ in more than a name can show have different
 * names: {@code feature/A} and {@code feature-a}. Two texts share a name by chance only (six
 * characters of 36: one of two billion pairs).
 */
public final class DerivedName {
  private static final int MAXIMUM_LENGTH = 63;
  private static final int DIGEST_LENGTH = 6;
  private static final int BASE = 36;

  /** What accents are, once letters are decomposed. */
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");

  private static final Pattern OTHERS = Pattern.compile("[^a-z0-9_-]+");
  private static final Pattern FORMER_JOINERS = Pattern.compile("^[_-]+");

  private final String prefix;

  /**
   * Of names that begin alike.
   *
   * @param prefix may be empty
   * @throws IllegalArgumentException if no name begins like that, or only a long one
   */
  public DerivedName(String prefix) {
    requireNonNull(prefix, "prefix is null");
    if (!EnvironmentName.isValid(prefix + "0")
        || prefix.length() > MAXIMUM_LENGTH - 1 - 2 * DIGEST_LENGTH) {
      throw new IllegalArgumentException(
          "no name begins with \""
              + prefix
              + "\": it has up to "
              + (MAXIMUM_LENGTH - 1 - 2 * DIGEST_LENGTH)
              + " characters of a-z, 0-9, '-' and '_', the first a letter or a digit");
    }
    this.prefix = prefix;
  }

  /**
   * The name for a text.
   *
   * @throws IllegalArgumentException if the text is blank
   */
  public String of(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("there is nothing to make a name of");
    }
    if (EnvironmentName.isValid(prefix + text) && EnvironmentName.isValid(text)) {
      return prefix + text;
    }
    String readable = readable(text);
    String digest = digest(text);
    return prefix + (readable.isEmpty() ? digest : readable + "-" + digest);
  }

  /** As much of the text as a name can show; may be empty, and ends with no joiner. */
  private String readable(String text) {
    String letters = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
    String name = OTHERS.matcher(letters.toLowerCase(Locale.ROOT)).replaceAll("-");
    name = FORMER_JOINERS.matcher(name).replaceFirst("");
    int end = Math.min(name.length(), MAXIMUM_LENGTH - prefix.length() - 1 - DIGEST_LENGTH);
    while (end > 0 && isJoiner(name.charAt(end - 1))) {
      end--;
    }
    return name.substring(0, end);
  }

  private static boolean isJoiner(char c) {
    return c == '-' || c == '_';
  }

  private static String digest(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      String digits = new BigInteger(1, hash).toString(BASE);
      return digits.substring(digits.length() - DIGEST_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
