package dev.understudy.proxy.console;

import dev.understudy.protocol.backend.NoticeResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A statement that can be run, any number of times. */
public interface ConsoleStatement {
  /** What its rows consist of; empty: it returns none. */
  List<Column> columns();

  /** How many parameters it takes, whose values make no difference. */
  default int parameters() {
    return 0;
  }

  /** What who types it is to hear with the result; null: nothing. */
  default @Nullable NoticeResponse notice() {
    return null;
  }

  /**
   * Runs it. Returns at once; completes on any thread, exceptionally with a {@link
   * ConsoleException} and nothing else. Cancelling the future gives up the wait only.
   */
  CompletableFuture<ConsoleResult> execute();
}
