package dev.understudy.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * An immutable run of bytes. Compares in constant time for equal lengths, and never shows its
 * content in {@code toString}: keys, proofs and passwords travel in it.
 */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  public static Bytes of(byte... value) {
    return new Bytes(value.clone());
  }

  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public static Bytes random(int length, SecureRandom random) {
    byte[] value = new byte[length];
    random.nextBytes(value);
    return new Bytes(value);
  }

  /** Takes the next bytes of a buffer, which must hold as many. */
  public static Bytes read(ByteBuf in, int length) {
    byte[] value = new byte[length];
    in.readBytes(value);
    return new Bytes(value);
  }

  public int length() {
    return value.length;
  }

  public byte[] toArray() {
    return value.clone();
  }

  public void writeTo(ByteBuf out) {
    out.writeBytes(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && MessageDigest.isEqual(value, bytes.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "Bytes[" + value.length + "]";
  }
}
