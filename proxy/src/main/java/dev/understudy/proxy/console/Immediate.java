package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is done at once.
 *
 * @param run what it does, on the thread that runs it
 */
record Immediate(List<Column> columns, Supplier<ConsoleResult> run) implements ConsoleStatement {
  Immediate {
    columns = List.copyOf(columns);
    requireNonNull(run, "run is null");
  }

  /** Returns no rows. */
  static Immediate of(String tag) {
    return new Immediate(List.of(), () -> ConsoleResult.done(tag));
  }

  /** Returns one row. */
  static Immediate of(String tag, List<Column> columns, List<@Nullable Object> values) {
    return new Immediate(columns, () -> new ConsoleResult(tag, List.of(values)));
  }

  @Override
  public CompletableFuture<ConsoleResult> execute() {
    return CompletableFuture.completedFuture(run.get());
  }
}
