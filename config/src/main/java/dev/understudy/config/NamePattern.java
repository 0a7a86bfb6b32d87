package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A pattern over environment names: a literal, or a text with {@code *} standing for one or more
 * characters. Sorts the most specific first: literals, then by number of literal characters, then
 * by text so that the order is total.
 */
public final class NamePattern implements Comparable<NamePattern> {
  private static final Comparator<NamePattern> MOST_SPECIFIC_FIRST =
      Comparator.comparingInt(NamePattern::specificity)
          .reversed()
          .thenComparing(NamePattern::toString);

  private final String text;
  private final Pattern regex;

  public NamePattern(String text) {
    this.text = requireNonNull(text, "text is null");
    if (!text.matches("[a-z0-9_*-]+")) {
      throw new IllegalArgumentException(
          "'" + text + "' has characters other than a-z, 0-9, '-', '_' and '*'");
    }
    this.regex = Pattern.compile(text.replaceAll("\\*+", ".+"));
  }

  public boolean matches(String environmentName) {
    return regex.matcher(environmentName).matches();
  }

  public boolean isLiteral() {
    return text.indexOf('*') < 0;
  }

  /** True unless the pattern is only {@code *}: some text of the name is fixed. */
  public boolean hasLiteralPart() {
    return literalLength() > 0;
  }

  private int specificity() {
    return isLiteral() ? Integer.MAX_VALUE : literalLength();
  }

  private int literalLength() {
    return text.replace("*", "").length();
  }

  @Override
  public int compareTo(NamePattern other) {
    return MOST_SPECIFIC_FIRST.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamePattern pattern && pattern.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
