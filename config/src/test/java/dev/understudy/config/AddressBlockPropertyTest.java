package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Blocks as ranges of numbers: what is between the first and the last address is in them. */
final class AddressBlockPropertyTest {
  private static final int ROUNDS = 20_000;

  private final Random random = new Random(42);

  @Test
  void containsWhatLiesBetweenFirstAndLast() throws Exception {
    int inside = 0;
    for (int i = 0; i < ROUNDS; i++) {
      AddressBlock block = block();
      // One bit apart from it, so that both sides of every border are met.
      InetAddress address = address(flip(block.first().getAddress()));

      boolean expected = isBetween(block, number(address.getAddress()));
      assertThat(block.contains(address)).as("%s in %s", address, block).isEqualTo(expected);
      inside += expected ? 1 : 0;
    }
    assertThat(inside).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
  }

  @Test
  void containsABlockIfItHasItsFirstAndLast() throws Exception {
    int inside = 0;
    for (int i = 0; i < ROUNDS; i++) {
      AddressBlock block = block();
      int bits = block.first().getAddress().length * 8;
      AddressBlock other =
          AddressBlock.around(address(flip(block.first().getAddress())), random.nextInt(bits + 1));

      boolean expected = isBetween(block, first(other)) && isBetween(block, last(other));
      assertThat(block.contains(other)).as("%s in %s", other, block).isEqualTo(expected);
      inside += expected ? 1 : 0;
    }
    assertThat(inside).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
  }

  @Test
  void readsWhatItWrites() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      AddressBlock block = block();

      assertThat(AddressBlock.parse(block.toString())).isEqualTo(block);
    }
  }

  private AddressBlock block() throws UnknownHostException {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(bytes);
    return AddressBlock.around(address(bytes), random.nextInt(bytes.length * 8 + 1));
  }

  private byte[] flip(byte[] bytes) {
    byte[] flipped = bytes.clone();
    int bit = random.nextInt(bytes.length * 8);
    flipped[bit / 8] ^= (byte) (0x80 >> bit % 8);
    return flipped;
  }

  private static boolean isBetween(AddressBlock block, BigInteger number) {
    return number.compareTo(first(block)) >= 0 && number.compareTo(last(block)) <= 0;
  }

  private static BigInteger first(AddressBlock block) {
    return number(block.first().getAddress());
  }

  private static BigInteger last(AddressBlock block) {
    int free = block.first().getAddress().length * 8 - block.prefixLength();
    return first(block).add(BigInteger.ONE.shiftLeft(free)).subtract(BigInteger.ONE);
  }

  private static BigInteger number(byte[] bytes) {
    return new BigInteger(1, bytes);
  }

  private static InetAddress address(byte[] bytes) throws UnknownHostException {
    return InetAddress.getByAddress(bytes);
  }
}
