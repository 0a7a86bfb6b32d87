package dev.understudy.proxy.authenticate;

import static com.ongres.scram.common.ScramMechanism.SCRAM_SHA_256;

import com.ongres.scram.common.ScramFunctions;
import dev.understudy.protocol.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Verifiers for logins that cannot succeed. They look like real ones and stay the same for a login
 * as long as the daemon runs, so that nobody can tell who exists.
 */
final class MockVerifiers {
  private static final int SECRET_LENGTH = 32;

  private final byte[] secret = new byte[SECRET_LENGTH];

  MockVerifiers(SecureRandom random) {
    random.nextBytes(secret);
  }

  ScramVerifier of(String login) {
    byte[] hash =
        ScramFunctions.hmac(SCRAM_SHA_256, secret, login.getBytes(StandardCharsets.UTF_8));
    Bytes salt = Bytes.of(Arrays.copyOf(hash, ScramVerifier.SALT_LENGTH));
    Bytes noKey = Bytes.of(new byte[ScramVerifier.KEY_LENGTH]);
    return new ScramVerifier(ScramVerifier.ITERATIONS, salt, noKey, noKey);
  }
}
