package dev.understudy.server.client;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Shows that something takes its time: on a terminal in one line, elsewhere not at all. */
public final class Waiting {
  private static final String WHEEL = "|/-\\";
  private static final String CLEAR_THE_REST = "\033[K";
  private static final String CUT = "...";

  private final PrintWriter err;
  private final boolean terminal;
  private final IntSupplier columns;
  private long began;
  private int ticks;

  /**
   * @param columns of the terminal, which may change meanwhile: a line that is longer would go on
   *     in the next one, and stay there
   */
  public Waiting(PrintWriter err, boolean terminal, IntSupplier columns) {
    this.err = requireNonNull(err, "err is null");
    this.terminal = terminal;
    this.columns = requireNonNull(columns, "columns is null");
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
      String progress = ", %d s %s".formatted(seconds, copied == null ? "" : copied);
      err.print("\r" + line(what, progress) + CLEAR_THE_REST);
      err.flush();
    }
    ticks++;
  }

  /** Of what is too long, the name suffers first: its user knows it. */
  private String line(String what, String progress) {
    int most = Math.max(0, columns.getAsInt() - 1); // the last column may wrap already
    String wheel = WHEEL.charAt(ticks % WHEEL.length()) + " ";
    int room = most - wheel.length() - progress.length();
    String shown =
        what.length() <= room
            ? what
            : what.substring(0, Math.clamp(room - CUT.length(), 0, what.length())) + CUT;
    String line = wheel + shown + progress;
    return line.substring(0, Math.min(most, line.length()));
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
