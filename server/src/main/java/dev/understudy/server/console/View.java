package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleException;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.proxy.console.ConsoleStatement;
import dev.understudy.server.operate.OperationException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code SHOW} shows of some things.
 *
 * @param things asked anew each time it is run
 * @param row the values of one
 */
record View<T>(
    List<Column> columns, Supplier<List<T>> things, Function<T, List<@Nullable Object>> row)
    implements ConsoleStatement {
  private static final String TAG = "SHOW";

  View {
    columns = List.copyOf(columns);
    requireNonNull(things, "things is null");
    requireNonNull(row, "row is null");
  }

  @Override
  public CompletableFuture<ConsoleResult> execute() {
    CompletableFuture<ConsoleResult> result = new CompletableFuture<>();
    // Some ask the file system.
    Thread.ofVirtual()
        .name("console")
        .start(() -> {
          try {
            result.complete(ConsoleResult.of(TAG, things.get().stream().map(row).toList()));
          } catch (OperationException e) {
            result.completeExceptionally(refused(e));
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /** The same, in the console's words. */
  static ConsoleException refused(OperationException e) {
    return new ConsoleException(e.sqlState(), String.valueOf(e.getMessage()), e.detail(), e.hint());
  }
}
