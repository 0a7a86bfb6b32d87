package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A pattern over environment names: a literal, or a text with {@code *} standing for one or more
 * characters, or with one {@code {role}} standing for the name of whoever opens the environment.
 * Sorts the most specific first: literals, then by number of literal characters, personal ones
 * before others, then by text so that the order is total.
 */
public final class NamePattern implements Comparable<NamePattern> {
  /** What stands for a role's name. */
  public static final String ROLE = "{role}";

  private static final Comparator<NamePattern> MOST_SPECIFIC_FIRST =
      Comparator.comparingInt(NamePattern::specificity)
          .reversed()
          .thenComparing(pattern -> !pattern.isPersonal())
          .thenComparing(NamePattern::toString);

  private final String text;
  private final Pattern regex;

  public NamePattern(String text) {
    this.text = requireNonNull(text, "text is null");
    String withoutRole = text.replace(ROLE, "");
    if (text.length() - withoutRole.length() > ROLE.length()) {
      throw new IllegalArgumentException("'" + text + "' has " + ROLE + " more than once");
    }
    if (isPersonal() && text.indexOf('*') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' has both " + ROLE + " and '*': whose a name is could not be told");
    }
    if (!text.replace(ROLE, "x").matches("[a-z0-9_*-]+")) {
      throw new IllegalArgumentException(
          "'" + text + "' has characters other than a-z, 0-9, '-', '_', '*' and " + ROLE);
    }
    this.regex = Pattern.compile(text.replace(ROLE, ".+").replaceAll("\\*+", ".+"));
  }

  public boolean matches(String environmentName) {
    return regex.matcher(environmentName).matches();
  }

  public boolean isLiteral() {
    return text.indexOf('*') < 0 && !isPersonal();
  }

  /** True if each of the environments is for the one role that it is named after. */
  public boolean isPersonal() {
    return text.contains(ROLE);
  }

  /** What stands in a name that matches where a personal pattern has the role. */
  public String roleIn(String environmentName) {
    int start = text.indexOf(ROLE);
    int after = text.length() - start - ROLE.length();
    return environmentName.substring(start, environmentName.length() - after);
  }

  /** The name that a personal pattern has for a role, or any has for what a star stands for. */
  public String with(String part) {
    return text.replace(ROLE, part).replaceAll("\\*+", part);
  }

  /** False if it begins with what differs from name to name. */
  public boolean beginsLiterally() {
    return !text.startsWith("*") && !text.startsWith(ROLE);
  }

  /** True unless the pattern is only {@code *}: some text of the name is fixed. */
  public boolean hasLiteralPart() {
    return literalLength() > 0;
  }

  /** True if some text matches both this pattern and a personal one; not for literals. */
  boolean overlaps(NamePattern personal) {
    String mine = canonical();
    String other = personal.canonical();
    String begin = mine.substring(0, mine.indexOf('*'));
    String otherBegin = other.substring(0, other.indexOf('*'));
    String end = mine.substring(mine.lastIndexOf('*') + 1);
    String otherEnd = other.substring(other.lastIndexOf('*') + 1);
    return (begin.startsWith(otherBegin) || otherBegin.startsWith(begin))
        && (end.endsWith(otherEnd) || otherEnd.endsWith(end));
  }

  /** The same for all patterns that match the same names. */
  String canonical() {
    return text.replace(ROLE, "*").replaceAll("\\*+", "*");
  }

  private int specificity() {
    return isLiteral() ? Integer.MAX_VALUE : literalLength();
  }

  private int literalLength() {
    return text.replace(ROLE, "").replace("*", "").length();
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
