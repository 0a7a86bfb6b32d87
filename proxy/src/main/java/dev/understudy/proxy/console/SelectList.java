package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A SELECT without FROM, of the few expressions that drivers and pools ask every server for:
 * numbers, texts, who and where the session is, its settings.
 */
final class SelectList {
  private static final Pattern SELECT = Pattern.compile("(?is)SELECT\\b(.*)");
  private static final Pattern ITEM =
      Pattern.compile("(?is)\\s*(.+?)(?:\\s+AS\\s+\"?(\\w+)\"?)?\\s*");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern TEXT = Pattern.compile("'((?:[^']|'')*)'");
  private static final Pattern NAME =
      Pattern.compile("(?i)(?:pg_catalog\\.)?(\\w+)\\s*(?:\\(\\s*\\))?");
  private static final Pattern SETTING =
      Pattern.compile("(?i)(?:pg_catalog\\.)?current_setting\\s*\\(\\s*'(\\w+)'.*\\)");

  private static final Pattern SCHEMAS =
      Pattern.compile("(?i)(?:pg_catalog\\.)?current_schemas\\s*\\(\\s*(true|false)\\s*\\)");

  private final String login;
  private final int pid;
  private final Parameters parameters;

  SelectList(String login, int pid, Parameters parameters) {
    this.login = requireNonNull(login, "login is null");
    this.pid = pid;
    this.parameters = requireNonNull(parameters, "parameters is null");
  }

  /** Null: it is something else. */
  @Nullable ConsoleStatement prepare(String text) {
    Matcher select = SELECT.matcher(text);
    if (!select.matches()) {
      return null;
    }
    List<Column> columns = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (String item : items(select.group(1))) {
      Matcher matcher = ITEM.matcher(item);
      Value value = matcher.matches() ? value(matcher.group(1)) : null;
      if (value == null) {
        return null;
      }
      String alias = matcher.group(2);
      columns.add(new Column(alias == null ? value.name : alias, value.type));
      values.add(value.value);
    }
    return Immediate.of("SELECT 1", columns, values);
  }

  private record Value(String name, ColumnType type, @Nullable Object value) {}

  private @Nullable Value value(String expression) {
    if (NUMBER.matcher(expression).matches()) {
      return new Value("?column?", ColumnType.INT4, Integer.valueOf(expression));
    }
    Matcher text = TEXT.matcher(expression);
    if (text.matches()) {
      return new Value("?column?", ColumnType.TEXT, text.group(1).replace("''", "'"));
    }
    Matcher setting = SETTING.matcher(expression);
    if (setting.matches()) {
      String value = parameters.get(setting.group(1));
      return value == null ? null : new Value("current_setting", ColumnType.TEXT, value);
    }
    if (SCHEMAS.matcher(expression).matches()) {
      return new Value("current_schemas", ColumnType.TEXT, "{public}");
    }
    Matcher name = NAME.matcher(expression);
    return name.matches() ? named(name.group(1).toLowerCase(Locale.ROOT)) : null;
  }

  private @Nullable Value named(String name) {
    return switch (name) {
      case "current_user", "session_user", "user", "current_role" ->
          new Value(name, ColumnType.TEXT, login);
      case "current_database", "current_catalog" -> new Value(name, ColumnType.TEXT, "understudy");
      case "current_schema" -> new Value(name, ColumnType.TEXT, "public");
      case "version" ->
          new Value(
              name,
              ColumnType.TEXT,
              "PostgreSQL " + Parameters.SERVER_VERSION + " (the console of Understudy)");
      case "pg_backend_pid" -> new Value(name, ColumnType.INT4, pid);
      case "pg_is_in_recovery" -> new Value(name, ColumnType.BOOL, false);
      default -> null;
    };
  }

  /** Separated by commas that stand in no quotes and no brackets. */
  private static List<String> items(String list) {
    List<String> items = new ArrayList<>();
    int depth = 0;
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i < list.length(); i++) {
      char next = list.charAt(i);
      if (next == '\'') {
        quoted = !quoted;
      } else if (!quoted && next == '(') {
        depth++;
      } else if (!quoted && next == ')') {
        depth--;
      } else if (!quoted && depth == 0 && next == ',') {
        items.add(list.substring(start, i));
        start = i + 1;
      }
    }
    items.add(list.substring(start));
    return items;
  }
}
