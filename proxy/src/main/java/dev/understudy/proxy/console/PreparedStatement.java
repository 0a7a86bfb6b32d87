package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A statement, and what its parameters are.
 *
 * @param types of {@code pg_type}, one for each parameter
 */
record PreparedStatement(ConsoleStatement statement, List<Integer> types) {
  PreparedStatement {
    requireNonNull(statement, "statement is null");
    types = List.copyOf(types);
  }

  /**
   * With the types that the client suggests, and text where it leaves them open.
   *
   * @param suggested as for {@link dev.understudy.protocol.frontend.Parse}
   */
  static PreparedStatement of(ConsoleStatement statement, List<Integer> suggested) {
    return new PreparedStatement(
        statement,
        IntStream.range(0, statement.parameters())
            .mapToObj(i -> i < suggested.size() ? suggested.get(i) : 0)
            .map(type -> type == 0 ? ColumnType.TEXT.oid() : type)
            .toList());
  }
}
