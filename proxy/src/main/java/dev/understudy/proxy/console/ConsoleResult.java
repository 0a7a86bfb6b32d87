package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement has done.
 *
 * @param tag as psql shows it
 * @param rows each with a value for every column of the statement
 */
public record ConsoleResult(String tag, List<List<@Nullable Object>> rows) {
  public ConsoleResult {
    requireNonNull(tag, "tag is null");
    rows = List.copyOf(rows);
  }

  /** Of a statement that returns rows. */
  public static ConsoleResult of(String tag, List<List<@Nullable Object>> rows) {
    return new ConsoleResult(tag, rows);
  }

  /** Of a statement that returns no rows. */
  public static ConsoleResult done(String tag) {
    return new ConsoleResult(tag, List.of());
  }

  /** The values of one row, in the order of the columns. */
  public static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }
}
