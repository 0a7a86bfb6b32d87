package dev.understudy.server.up;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.CopyListener;
import dev.understudy.server.Bar;
import dev.understudy.server.Narrator;
import java.time.Duration;

/**
 * Shows how far a copy of production and then its masking are: on a terminal as a bar in one line
 * each, elsewhere as a line every ten seconds.
 */
final class ProgressBar implements CopyListener {
  private static final int WIDTH = 30;
  private static final Duration IN_PLACE = Duration.ofMillis(200);
  private static final Duration LINE = Duration.ofSeconds(10);

  private final Narrator narrator;
  private final boolean terminal;
  private final long began = System.nanoTime();
  private long last;
  private boolean shown;
  private boolean masking;

  ProgressBar(Narrator narrator, boolean terminal) {
    this.narrator = requireNonNull(narrator, "narrator is null");
    this.terminal = terminal;
    this.last = began;
  }

  @Override
  public synchronized void copied(long files, long bytes, long total) {
    long now = System.nanoTime();
    show(now, line(bytes, total, Duration.ofNanos(now - began)));
  }

  @Override
  public synchronized void masked(long tables, long bytes, long total) {
    if (!masking) {
      masking = true;
      end();
      shown = false;
    }
    show(System.nanoTime(), maskLine(bytes, total));
  }

  private void show(long now, String text) {
    if (now - last < (terminal ? IN_PLACE : LINE).toNanos()) {
      return;
    }
    last = now;
    shown = true;
    if (terminal) {
      narrator.overwrite(text);
    } else {
      narrator.say(text);
    }
  }

  /** Leaves the line of the bar. */
  synchronized void end() {
    if (shown && terminal) {
      narrator.say("");
    }
  }

  static String maskLine(long bytes, long total) {
    return "      %s  %,d of %,d MiB masked "
        .formatted(Bar.of(bytes, total, WIDTH), bytes >> 20, total >> 20);
  }

  static String line(long bytes, long total, Duration elapsed) {
    double rate = bytes / 1048576.0 / Math.max(0.001, elapsed.toNanos() / 1e9);
    return "      %s  %,d of %,d MiB, %.0f MiB/s "
        .formatted(Bar.of(bytes, total, WIDTH), bytes >> 20, total >> 20, rate);
  }
}
