package dev.understudy.cloner.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the verifiers that stand in the data of a snapshot in the place of production's. They
 * belong to no password: their keys are no hashes of anything that could be sent. Who has the key
 * of a snapshot, which is in no file of a clone, can tell whether a role of a clone still has the
 * one that it began with, however long the snapshot has been gone.
 */
public final class ReplacementKey {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int LENGTH = 32;
  private static final int SALT = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private ReplacementKey() {}

  /** A random one. */
  static String next() {
    byte[] bytes = new byte[LENGTH];
    RANDOM.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** What stands in {@code pg_authid.rolpassword} of that role: always the same for a key. */
  public static String verifier(String key, String role) {
    byte[] salt = Arrays.copyOf(hash(key, "salt", role), SALT);
    return "SCRAM-SHA-256$4096:%s$%s:%s"
        .formatted(
            text(salt), text(hash(key, "stored key", role)), text(hash(key, "server key", role)));
  }

  private static byte[] hash(String key, String what, String role) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), ALGORITHM));
      mac.update(what.getBytes(UTF_8));
      mac.update((byte) 0); // no name of a role has one
      return mac.doFinal(role.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
