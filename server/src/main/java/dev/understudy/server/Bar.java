package dev.understudy.server;

/** How much of something is done, as a terminal shows it: {@code [###.......] 31 %}. */
public final class Bar {
  private Bar() {}

  /**
   * Draws one.
   *
   * @param whole as it was counted before, which may be less than there is; 0: not known
   * @param width in characters, without the brackets
   */
  public static String of(long done, long whole, int width) {
    int percent = whole <= 0 ? 0 : (int) Math.min(100, 100 * done / whole);
    int full = width * percent / 100;
    return "[%s%s] %3d %%".formatted("#".repeat(full), ".".repeat(width - full), percent);
  }
}
