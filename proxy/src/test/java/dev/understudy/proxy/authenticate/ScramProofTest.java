package dev.understudy.proxy.authenticate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Secret;
import dev.understudy.protocol.Bytes;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** The example of RFC 7677. */
class ScramProofTest {
  private static final String NONCE = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

  private final ScramVerifier verifier =
      ScramVerifier.derive(new Secret("pencil"), base64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
  private final ScramProof proof =
      new ScramProof(
          "n=user,r=rOprNGfwEbeRWgbNEkqO,r="
              + NONCE
              + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r="
              + NONCE);

  @Test
  void knowsTheProofOfTheClient() {
    assertThat(
            proof.isOf(
                base64("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="), verifier.storedKey()))
        .isTrue();
    assertThat(
            proof.isOf(
                base64("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVA="), verifier.storedKey()))
        .isFalse();
  }

  @Test
  void signsForTheServer() {
    assertThat(proof.serverSignature(verifier.serverKey()))
        .isEqualTo(base64("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
  }

  private static Bytes base64(String text) {
    return Bytes.of(Base64.getDecoder().decode(text));
  }
}
