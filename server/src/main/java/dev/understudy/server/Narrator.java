package dev.understudy.server;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** Says what happens and how long it took. */
public final class Narrator {
  private static final int WIDTH = 84;

  private final PrintWriter out;

  public Narrator(PrintWriter out) {
    this.out = requireNonNull(out, "out is null");
  }

  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Puts a text in the place of the last one of these, on a terminal. */
  public void overwrite(String text) {
    out.print("\r" + text);
    out.flush();
  }

  /** Runs a step; prints what it is, what it returned, and its time. What it throws goes on. */
  public <T> T step(String what, Callable<T> step) throws Exception {
    long start = System.nanoTime();
    try {
      T result = step.call();
      say(line("ok    ", what, start));
      return result;
    } catch (InterruptedException e) {
      say(line("ended ", what, start));
      throw e;
    } catch (Exception | AssertionError e) {
      say(line("FAILED", what, start));
      throw e;
    }
  }

  private static String line(String outcome, String what, long start) {
    long millis = (System.nanoTime() - start) / 1_000_000;
    String dots = ".".repeat(Math.max(3, WIDTH - what.length()));
    return outcome + "  " + what + " " + dots + " " + "%6d ms".formatted(millis);
  }
}
