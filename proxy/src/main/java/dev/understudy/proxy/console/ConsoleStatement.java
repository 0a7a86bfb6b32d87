package dev.understudy.proxy.console;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A statement that can be run, any number of times. */
public interface ConsoleStatement {
  /** What its rows consist of; empty: it returns none. */
  List<Column> columns();

  /** How many parameters it takes, whose values make no difference. */
  default int parameters() {
    return 0;
  }

  /**
   * Runs it. Returns at once; completes on any thread, exceptionally with a {@link
   * ConsoleException} and nothing else. Cancelling the future gives up the wait only.
   */
  CompletableFuture<ConsoleResult> execute();
}
