package dev.understudy.server.client;

import dev.understudy.server.Bar;

/**
 * How far a copy of production is.
 *
 * @param work on it: {@code copy} or {@code mask}
 * @param total bytes that were counted before; production may have grown since
 */
record Copied(String work, long bytes, long total) {
  private static final int WIDTH = 20;

  boolean isOver() {
    return bytes >= total;
  }

  /** For a terminal. */
  @Override
  public String toString() {
    return "%s, %s of %s%s"
        .formatted(
            Bar.of(bytes, total, WIDTH),
            Spoken.size(bytes),
            Spoken.size(total),
            work.equals("mask") ? " masked" : "");
  }
}
