package dev.understudy.proxy.console;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Nothing but blanks and comments. */
enum EmptyStatement implements ConsoleStatement {
  INSTANCE;

  @Override
  public List<Column> columns() {
    return List.of();
  }

  @Override
  public CompletableFuture<ConsoleResult> execute() {
    return CompletableFuture.completedFuture(ConsoleResult.done(""));
  }
}
