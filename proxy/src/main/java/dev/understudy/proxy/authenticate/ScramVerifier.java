package dev.understudy.proxy.authenticate;

import static com.ongres.scram.common.ScramMechanism.SCRAM_SHA_256;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.StringPreparation;
import dev.understudy.config.Secret;
import dev.understudy.protocol.Bytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL stores instead of a password: enough to check one, not enough to log in. */
record ScramVerifier(int iterations, Bytes salt, Bytes storedKey, Bytes serverKey) {
  static final String PREFIX = "SCRAM-SHA-256$";

  /** As PostgreSQL has them by default. */
  static final int ITERATIONS = 4096;

  static final int SALT_LENGTH = 16;
  static final int KEY_LENGTH = 32;

  private static final Pattern TEXT =
      Pattern.compile("SCRAM-SHA-256\\$([0-9]{1,9}):([^$:]+)\\$([^$:]+):([^$:]+)");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Reads a verifier as {@code pg_authid.rolpassword} holds it; null if it is none. */
  static @Nullable ScramVerifier parse(Secret text) {
    Matcher matcher = TEXT.matcher(text.value());
    if (!matcher.matches()) {
      return null;
    }
    int iterations = Integer.parseInt(matcher.group(1));
    try {
      Bytes storedKey = base64(matcher.group(3));
      Bytes serverKey = base64(matcher.group(4));
      boolean isValid =
          iterations > 0 && storedKey.length() == KEY_LENGTH && serverKey.length() == KEY_LENGTH;
      return isValid
          ? new ScramVerifier(iterations, base64(matcher.group(2)), storedKey, serverKey)
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Makes a verifier with a salt of its own. Takes milliseconds. */
  static ScramVerifier derive(Secret password) {
    return derive(password, Bytes.random(SALT_LENGTH, RANDOM), ITERATIONS);
  }

  static ScramVerifier derive(Secret password, Bytes salt, int iterations) {
    byte[] salted = saltedPassword(password.value(), salt.toArray(), iterations);
    byte[] clientKey = ScramFunctions.clientKey(SCRAM_SHA_256, salted);
    return new ScramVerifier(
        iterations,
        salt,
        Bytes.of(ScramFunctions.storedKey(SCRAM_SHA_256, clientKey)),
        Bytes.of(ScramFunctions.serverKey(SCRAM_SHA_256, salted)));
  }

  private static byte[] saltedPassword(String password, byte[] salt, int iterations) {
    char[] prepared = prepare(password.toCharArray());
    PBEKeySpec spec = new PBEKeySpec(prepared, salt, iterations, KEY_LENGTH * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("PBKDF2WithHmacSHA256 is missing", e);
    }
  }

  /**
   * SASLprep as PostgreSQL does it: a password that it prohibits, or of which it leaves nothing, is
   * taken as it is.
   */
  private static char[] prepare(char[] password) {
    try {
      return StringPreparation.POSTGRESQL_PREPARATION.normalize(password);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // Which of the two the library throws for an emptied text depends on what emptied it.
      return password;
    }
  }

  Secret text() {
    return new Secret(
        PREFIX
            + iterations
            + ":"
            + base64(salt)
            + "$"
            + base64(storedKey)
            + ":"
            + base64(serverKey));
  }

  private static Bytes base64(String text) {
    return Bytes.of(Base64.getDecoder().decode(text));
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }
}
