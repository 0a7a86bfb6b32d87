package dev.understudy.cloner.postgres;

/** Names and values as parts of SQL text, for statements that take no parameters. */
public final class SqlText {
  private SqlText() {}

  public static String identifier(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** Whatever {@code standard_conforming_strings} is. */
  public static String literal(String text) {
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
