package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * A name of a role or database, which may have any character; {@code *} stands for one or more.
 * Case matters, as it does in PostgreSQL's catalogs.
 */
public final class NameGlob {
  private final String text;
  private final Pattern regex;

  public NameGlob(String text) {
    this.text = requireNonNull(text, "text is null").replaceAll("\\*+", "*");
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < this.text.length(); i++) {
      char c = this.text.charAt(i);
      form.append(c == '*' ? ".+" : Pattern.quote(String.valueOf(c)));
    }
    this.regex = Pattern.compile(form.toString(), Pattern.DOTALL);
  }

  public boolean matches(String name) {
    return regex.matcher(name).matches();
  }

  boolean isLiteral() {
    return text.indexOf('*') < 0;
  }

  /** True if this one surely matches whatever the other does. */
  boolean covers(NameGlob other) {
    // What stands for a star of the other can only be a star of ours, which takes any text.
    return matches(other.text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NameGlob glob && glob.text.equals(text);
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
