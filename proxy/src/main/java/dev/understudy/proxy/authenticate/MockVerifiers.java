package dev.understudy.proxy.authenticate;

import static com.ongres.scram.common.ScramMechanism.SCRAM_SHA_256;

import com.ongres.scram.common.ScramFunctions;
import dev.understudy.protocol.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Verifiers for logins that cannot succeed. They look like real ones and stay the same for a login
 * of a source as long as the daemon runs, so that nobody can tell who exists.
 */
final class MockVerifiers {
  private static final int SECRET_LENGTH = 32;

  private final byte[] secret = new byte[SECRET_LENGTH];

  MockVerifiers(SecureRandom random) {
    random.nextBytes(secret);
  }

  ScramVerifier of(String login, String source, int iterations) {
    // No startup parameter can hold a zero: no two pairs are the same text.
    byte[] text = (login + "\0" + source).getBytes(StandardCharsets.UTF_8);
    byte[] hash = ScramFunctions.hmac(SCRAM_SHA_256, secret, text);
    Bytes salt = Bytes.of(Arrays.copyOf(hash, ScramVerifier.SALT_LENGTH));
    Bytes noKey = Bytes.of(new byte[ScramVerifier.KEY_LENGTH]);
    return new ScramVerifier(iterations, salt, noKey, noKey);
  }
}
