package dev.understudy.cloner.source;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How WAL is cut into files.
 *
 * @param size of one, in bytes; a power of two
 */
public record WalSegments(int size) {
  private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}");
  private static final Pattern HISTORY = Pattern.compile("[0-9A-F]{8}\\.history");

  public WalSegments {
    if (Integer.bitCount(size) != 1 || size < 1 << 20 || size > 1 << 30) {
      throw new IllegalArgumentException("not a size of WAL segments: " + size);
    }
  }

  /** The segment that holds the byte at this position. */
  public String nameOf(int timeline, Lsn position) {
    return name(timeline, Long.divideUnsigned(position.bytes(), size));
  }

  /** Every segment with a byte of the range, in order; the end is not part of it. */
  public List<String> namesOf(int timeline, Lsn start, Lsn end) {
    long last = Long.divideUnsigned(end.bytes() - 1, size);
    List<String> names = new ArrayList<>();
    for (long number = Long.divideUnsigned(start.bytes(), size); number <= last; number++) {
      names.add(name(timeline, number));
    }
    return names;
  }

  public static boolean isSegment(String name) {
    return SEGMENT.matcher(name).matches();
  }

  public static boolean isHistory(String name) {
    return HISTORY.matcher(name).matches();
  }

  private String name(int timeline, long number) {
    long perId = 0x1_0000_0000L / size;
    return "%08X%08X%08X"
        .formatted(
            timeline, Long.divideUnsigned(number, perId), Long.remainderUnsigned(number, perId));
  }
}
