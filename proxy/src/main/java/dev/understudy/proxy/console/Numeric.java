package dev.understudy.proxy.console;

import dev.understudy.protocol.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** PostgreSQL's {@code numeric} in binary: digits to the base of 10,000. */
final class Numeric {
  private static final int BASE = 10_000;

  private Numeric() {}

  /**
   * A whole number.
   *
   * @param value not negative
   */
  static Bytes binary(long value) {
    Deque<Short> digits = new ArrayDeque<>();
    for (long rest = value; rest > 0; rest /= BASE) {
      digits.push((short) (rest % BASE));
    }
    ByteBuffer bytes = ByteBuffer.allocate((4 + digits.size()) * Short.BYTES);
    int weight = Math.max(digits.size() - 1, 0);
    int positive = 0;
    int digitsAfterThePoint = 0;
    bytes
        .putShort((short) digits.size())
        .putShort((short) weight)
        .putShort((short) positive)
        .putShort((short) digitsAfterThePoint);
    digits.forEach(bytes::putShort);
    return Bytes.of(bytes.array());
  }
}
