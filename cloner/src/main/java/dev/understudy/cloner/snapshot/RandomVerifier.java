package dev.understudy.cloner.snapshot;

import java.security.SecureRandom;
import java.util.Base64;

/** SCRAM verifiers that belong to no password: its keys are random, not derived from anything. */
final class RandomVerifier {
  private static final int SALT = 16;
  private static final int KEY = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomVerifier() {}

  /** As {@code pg_authid.rolpassword} holds it. */
  static String next() {
    return "SCRAM-SHA-256$4096:%s$%s:%s".formatted(random(SALT), random(KEY), random(KEY));
  }

  private static String random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
