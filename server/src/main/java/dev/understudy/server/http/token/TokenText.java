package dev.understudy.server.http.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.config.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** What tokens look like, and their hashes. */
public final class TokenText {
  /** By which people, and programs that look for leaked secrets, know what it is. */
  private static final String PREFIX = "understudy_";

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private TokenText() {}

  /** A new one, of 256 bits that nobody can guess. */
  public static Secret random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new Secret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** As the settings have it. */
  public static String hashOf(Secret token) {
    return "sha256:" + HexFormat.of().formatHex(digest(token.value()));
  }

  static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
