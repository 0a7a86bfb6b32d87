package dev.understudy.cloner.mask;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.state.JsonFile;
import dev.understudy.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of HMAC-SHA-256, in the forms that it is computed with. Its {@code toString} tells
 * nothing.
 */
final class MaskKey {
  private static final int BLOCK = 64;
  private static final int RANDOM_BYTES = 32;

  private final byte[] key;

  private MaskKey(byte[] key) {
    this.key = key;
  }

  static MaskKey of(Secret secret) {
    byte[] bytes = secret.value().getBytes(StandardCharsets.UTF_8);
    return new MaskKey(bytes.length > BLOCK ? sha256(bytes) : bytes);
  }

  /** The one of the data directory, made if there is none. */
  static MaskKey kept(Path dataDirectory) throws IOException {
    JsonFile<KeyRecord> file =
        new JsonFile<>(dataDirectory.resolve("mask-key.json"), KeyRecord.class);
    if (!file.exists()) {
      byte[] random = new byte[RANDOM_BYTES];
      new SecureRandom().nextBytes(random);
      file.write(new KeyRecord(HexFormat.of().formatHex(random)));
    }
    return of(new Secret(file.read().key()));
  }

  /** The content of {@code mask-key.json}. */
  record KeyRecord(String key) {
    KeyRecord {
      requireNonNull(key, "key is null");
    }

    @Override
    public String toString() {
      return "KeyRecord";
    }
  }

  byte[] inner() {
    return padded((byte) 0x36);
  }

  byte[] outer() {
    return padded((byte) 0x5c);
  }

  private byte[] padded(byte pad) {
    byte[] block = Arrays.copyOf(key, BLOCK);
    for (int i = 0; i < BLOCK; i++) {
      block[i] ^= pad;
    }
    return block;
  }

  /** HMAC-SHA-256. */
  byte[] sign(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
