package dev.understudy.proxy.testing;

import java.util.Arrays;
import java.util.List;

/** Bytes as they may arrive. */
public final class Pieces {
  private Pieces() {}

  /** Two pieces, either of which may be empty: the same for the same bytes, else anywhere. */
  public static List<byte[]> two(byte[] bytes) {
    int first = Math.floorMod(Arrays.hashCode(bytes), bytes.length + 1);
    return List.of(Arrays.copyOf(bytes, first), Arrays.copyOfRange(bytes, first, bytes.length));
  }
}
