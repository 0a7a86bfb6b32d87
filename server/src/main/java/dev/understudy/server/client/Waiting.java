package dev.understudy.server.client;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.time.Duration;

/** Shows that something takes its time: on a terminal in one line, elsewhere not at all. */
public final class Waiting {
  private static final String WHEEL = "|/-\\";

  private final PrintWriter err;
  private final boolean terminal;
  private long began;
  private int ticks;

  public Waiting(PrintWriter err, boolean terminal) {
    this.err = requireNonNull(err, "err is null");
    this.terminal = terminal;
  }

  /**
   * To be called now and then.
   *
   * @param what is waited for
   */
  void tick(String what) {
    if (ticks == 0) {
      began = System.nanoTime();
    }
    if (terminal) {
      long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
      err.printf("\r%c %s, %d s ", WHEEL.charAt(ticks % WHEEL.length()), what, seconds);
      err.flush();
    }
    ticks++;
  }

  /** Leaves no trace on the terminal. */
  void end() {
    if (terminal && ticks > 0) {
      err.print("\r\033[K");
      err.flush();
    }
    ticks = 0;
  }
}
