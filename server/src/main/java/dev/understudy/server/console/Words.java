package dev.understudy.server.console;

import dev.understudy.proxy.console.ConsoleException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words of a command, one after the other. Names need no quotes, for all that they may hold a
 * hyphen.
 */
final class Words {
  private static final Pattern WORD =
      Pattern.compile("\\s*(?:([A-Za-z0-9_.-]+)|\"((?:[^\"]|\"\")*)\"|'((?:[^']|'')*)')");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private final List<Word> words = new ArrayList<>();
  private int next;

  /** One of them, without its quotes. */
  private record Word(Kind kind, String text) {}

  private enum Kind {
    PLAIN,
    NAME,
    TEXT,
    /** The rest, which no command has. */
    NONE
  }

  Words(String text) {
    String statement = text.strip();
    Matcher word = WORD.matcher(statement);
    int position = 0;
    while (position < statement.length()) {
      word.region(position, statement.length());
      if (!word.lookingAt()) {
        words.add(new Word(Kind.NONE, statement.substring(position).strip()));
        return;
      }
      words.add(read(word));
      position = word.end();
    }
  }

  private static Word read(Matcher word) {
    if (word.group(1) != null) {
      return new Word(Kind.PLAIN, word.group(1));
    }
    return word.group(2) != null
        ? new Word(Kind.NAME, word.group(2).replace("\"\"", "\""))
        : new Word(Kind.TEXT, word.group(3).replace("''", "'"));
  }

  /** Takes the next word if it is this one, in whatever case. */
  boolean accept(String keyword) {
    if (isNext(keyword)) {
      next++;
      return true;
    }
    return false;
  }

  private boolean isNext(String keyword) {
    return kind() == Kind.PLAIN && words.get(next).text.equalsIgnoreCase(keyword);
  }

  private @Nullable Kind kind() {
    return next < words.size() ? words.get(next).kind : null;
  }

  /** The next word, whatever it is; null at the end. It is not taken. */
  @Nullable String peek() {
    return next < words.size() ? words.get(next).text : null;
  }

  void expect(String keyword, Grammar form) {
    if (!accept(keyword)) {
      throw unexpected(form);
    }
  }

  /** A name, folded to lower case unless it is in quotes. */
  String name(Grammar form) {
    return name(form.form());
  }

  String name(String form) {
    Kind kind = kind();
    if (kind != Kind.PLAIN && kind != Kind.NAME) {
      throw unexpected(form);
    }
    String text = words.get(next++).text;
    return kind == Kind.PLAIN ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** A text in single quotes. */
  String text(Grammar form) {
    if (kind() != Kind.TEXT) {
      throw unexpected(form);
    }
    return words.get(next++).text;
  }

  /** A whole number. */
  long number(Grammar form) {
    String text = peek();
    if (kind() != Kind.PLAIN || text == null || !NUMBER.matcher(text).matches()) {
      throw unexpected(form);
    }
    next++;
    return Long.parseLong(text);
  }

  void end(Grammar form) {
    if (next < words.size()) {
      throw unexpected(form);
    }
  }

  private ConsoleException unexpected(Grammar form) {
    return unexpected(form.form());
  }

  private ConsoleException unexpected(String form) {
    return syntaxError(peek(), "The form is: " + form);
  }

  /**
   * PostgreSQL's own words.
   *
   * @param near null: the end
   */
  static ConsoleException syntaxError(@Nullable String near, @Nullable String hint) {
    return new ConsoleException(
        "42601",
        near == null ? "syntax error at end of input" : "syntax error at or near \"" + near + "\"",
        null,
        hint == null ? "SHOW HELP lists the commands." : hint);
  }
}
