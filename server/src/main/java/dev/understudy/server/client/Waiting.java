package dev.understudy.server.client;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Shows that something takes its time: on a terminal in one line, elsewhere not at all. */
public final class Waiting {
  private static final String WHEEL = "|/-\\";
  private static final String CLEAR_THE_REST = "\033[K";

  private final PrintWriter err;
  private final boolean terminal;
  private long began;
  private int ticks;

  public Waiting(PrintWriter err, boolean terminal) {
    this.err = requireNonNull(err, "err is null");
    this.terminal = terminal;
  }

  /** Whether anybody sees it. */
  boolean isShown() {
    return terminal;
  }

  /**
   * To be called now and then.
   *
   * @param what is waited for
   * @param copied how far the copy is that is part of it; null: none is under way
   */
  void tick(String what, @Nullable Copied copied) {
    if (ticks == 0) {
      began = System.nanoTime();
    }
    if (terminal) {
      long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
      err.printf(
          "\r%c %s, %d s %s" + CLEAR_THE_REST,
          WHEEL.charAt(ticks % WHEEL.length()),
          what,
          seconds,
          copied == null ? "" : copied);
      err.flush();
    }
    ticks++;
  }

  /** Leaves no trace on the terminal. */
  void end() {
    if (terminal && ticks > 0) {
      err.print("\r" + CLEAR_THE_REST);
      err.flush();
    }
    ticks = 0;
  }
}
