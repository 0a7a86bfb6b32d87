package dev.understudy.server.up;

import java.security.SecureRandom;

/** Makes passwords that can be read aloud and pasted into a URL. */
final class Passwords {
  /** Without those that are taken for each other. */
  private static final String CHARACTERS =
      "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  private static final SecureRandom RANDOM = new SecureRandom();

  private Passwords() {}

  static String random(int length) {
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < length; i++) {
      password.append(CHARACTERS.charAt(RANDOM.nextInt(CHARACTERS.length())));
    }
    return password.toString();
  }
}
