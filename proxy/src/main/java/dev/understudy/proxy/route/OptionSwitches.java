package dev.understudy.proxy.route;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The startup parameter {@code options}: command-line switches for the server, split and read as
 * PostgreSQL does ({@code -c k=v}, {@code -ck=v}, {@code --k=v}, spaces escaped by a backslash,
 * dashes in names turned to underscores).
 *
 * <p>Reading ends at the first thing that PostgreSQL would refuse; that and the rest are kept, so
 * that PostgreSQL refuses it in its own words.
 *
 * @param taken settings whose names were asked for, in order
 * @param kept everything else, character for character
 */
record OptionSwitches(List<Setting> taken, String kept) {
  private static final String FLAGS = "bEeFijlnOPsT";
  private static final String WITH_ARGUMENT = "BCDdfhkNprStvW";

  /**
   * A setting by switch.
   *
   * @param value null if there is no {@code =}
   */
  record Setting(String name, @Nullable String value) {
    private static Setting parse(String text) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      return new Setting(name.replace('-', '_'), equals < 0 ? null : text.substring(equals + 1));
    }
  }

  static OptionSwitches parse(String options, Predicate<String> take) {
    return new Parser(options, take).parse();
  }

  /** A switch or argument with its place in the text. */
  private record Token(String text, int start, int end) {}

  private static final class Parser {
    private final String options;
    private final Predicate<String> take;
    private final List<Token> tokens;
    private final List<Setting> taken = new ArrayList<>();
    private final StringBuilder kept = new StringBuilder();
    private int copied;

    Parser(String options, Predicate<String> take) {
      this.options = options;
      this.take = take;
      this.tokens = split(options);
    }

    OptionSwitches parse() {
      int next = 0;
      while (next >= 0 && next < tokens.size()) {
        next = readSwitches(next);
      }
      kept.append(options, copied, options.length());
      return new OptionSwitches(taken, kept.toString());
    }

    /** Reads one token, which may bundle several switches; tells the next one, or -1 to end. */
    private int readSwitches(int index) {
      String text = tokens.get(index).text();
      if (text.length() < 2 || text.charAt(0) != '-' || text.equals("--")) {
        return -1;
      }
      for (int i = 1; i < text.length(); i++) {
        char letter = text.charAt(i);
        if (FLAGS.indexOf(letter) >= 0) {
          continue;
        }
        boolean isSetting = letter == 'c' || letter == '-';
        if (!isSetting && WITH_ARGUMENT.indexOf(letter) < 0) {
          return -1;
        }
        boolean isAttached = i + 1 < text.length();
        int last = isAttached ? index : index + 1;
        if (last == tokens.size()) {
          return -1;
        }
        if (isSetting) {
          String argument = isAttached ? text.substring(i + 1) : tokens.get(last).text();
          readSetting(Setting.parse(argument), index, last, text.substring(1, i));
        }
        return last + 1;
      }
      return index + 1;
    }

    private void readSetting(Setting setting, int first, int last, String flagsBefore) {
      if (!take.test(setting.name())) {
        return;
      }
      taken.add(setting);
      kept.append(options, copied, tokens.get(first).start());
      copied = last + 1 < tokens.size() ? tokens.get(last + 1).start() : options.length();
      if (!flagsBefore.isEmpty()) {
        kept.append('-').append(flagsBefore).append(' ');
      }
    }
  }

  private static List<Token> split(String options) {
    List<Token> tokens = new ArrayList<>();
    int i = 0;
    while (true) {
      while (i < options.length() && isSpace(options.charAt(i))) {
        i++;
      }
      if (i == options.length()) {
        return tokens;
      }
      int start = i;
      StringBuilder text = new StringBuilder();
      boolean escaped = false;
      for (; i < options.length(); i++) {
        char c = options.charAt(i);
        if (isSpace(c) && !escaped) {
          break;
        }
        escaped = !escaped && c == '\\';
        if (!escaped) {
          text.append(c);
        }
      }
      tokens.add(new Token(text.toString(), start, i));
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
