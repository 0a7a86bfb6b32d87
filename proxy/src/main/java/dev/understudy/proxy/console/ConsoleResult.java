package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.NoticeResponse;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement has done.
 *
 * @param tag as psql shows it
 * @param rows each with a value for every column of the statement
 * @param notices that come before the rows
 */
public record ConsoleResult(
    String tag, List<List<@Nullable Object>> rows, List<NoticeResponse> notices) {
  public ConsoleResult {
    requireNonNull(tag, "tag is null");
    rows = List.copyOf(rows);
    notices = List.copyOf(notices);
  }

  /** Without a notice. */
  public ConsoleResult(String tag, List<List<@Nullable Object>> rows) {
    this(tag, rows, List.of());
  }

  /** Of a statement that returns rows. */
  public static ConsoleResult of(String tag, List<List<@Nullable Object>> rows) {
    return new ConsoleResult(tag, rows);
  }

  /** Of a statement that returns no rows. */
  public static ConsoleResult done(String tag) {
    return new ConsoleResult(tag, List.of());
  }

  /**
   * The same, with notices.
   *
   * @param messages of them
   */
  public static ConsoleResult done(String tag, List<String> messages) {
    return new ConsoleResult(
        tag,
        List.of(),
        messages.stream().map(message -> NoticeResponse.notice(message, null, null)).toList());
  }

  /** The values of one row, in the order of the columns. */
  public static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }
}
