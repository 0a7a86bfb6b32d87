package dev.understudy.config;

/** How much of a file system stays free. */
public sealed interface MinFree {
  /** A twentieth, within reason for small ones and for big ones. */
  MinFree DEFAULT = new Share(5, 256L << 20, 20L << 30);

  /**
   * In bytes.
   *
   * @param total size of the file system
   */
  long of(long total);

  /** So many bytes, whatever the size. */
  record Size(long bytes) implements MinFree {
    public Size {
      if (bytes < 0) {
        throw new IllegalArgumentException("bytes is " + bytes);
      }
    }

    @Override
    public long of(long total) {
      return bytes;
    }
  }

  /** A part of the whole, within bounds. */
  record Share(int percent, long atLeast, long atMost) implements MinFree {
    public Share {
      if (percent < 0 || percent > 100 || atLeast < 0 || atMost < atLeast) {
        throw new IllegalArgumentException(percent + " %, " + atLeast + ", " + atMost);
      }
    }

    @Override
    public long of(long total) {
      return Math.clamp(total / 100 * percent, atLeast, atMost);
    }
  }

  /**
   * {@code 20G} or {@code 5%}.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  static MinFree parse(String text) {
    if (!text.endsWith("%")) {
      try {
        return new Size(SizeText.parse(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            e.getMessage() + ", or a part of the pool such as 5%", e);
      }
    }
    String number = text.substring(0, text.length() - 1).strip();
    if (!number.matches("\\d{1,2}") || Integer.parseInt(number) > 50) {
      throw new IllegalArgumentException("'" + text + "' is not between 0% and 50%");
    }
    return new Share(Integer.parseInt(number), 0, Long.MAX_VALUE);
  }
}
