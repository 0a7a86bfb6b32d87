package dev.understudy.proxy.authenticate;

import static dev.understudy.proxy.authenticate.ScramClient.bytes;
import static dev.understudy.proxy.authenticate.ScramClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScramClientFinalFuzzTest {
  private static final ScramClientFirst FIRST = new ScramClientFirst(false, "biws", "n=,r=a", "a");
  private static final String PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

  static Stream<byte[]> seeds() {
    return Stream.of(
            "c=biws,r=ab,p=" + PROOF,
            "c=biws,r=ab,x=y,z=,p=" + PROOF,
            "c=biws,r=ab,p=" + PROOF.substring(0, 43),
            "c=biws,r=ab,p=" + PROOF + ",x=y",
            "c=biws,r=ab,p=" + PROOF + ",",
            "c=eSws,r=ab,p=" + PROOF,
            "c=biws,r=ab,p=AQI=",
            "c=biws,r=ab,\u00FF=y")
        .map(message -> bytes(message).toArray());
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void parse(byte[] bytes) {
    ScramClientFinal last;
    try {
      last = ScramClientFinal.parse(Bytes.of(bytes), FIRST);
    } catch (ProtocolException e) {
      assertThat(e.sqlState()).hasSize(5);
      return;
    }
    String message = text(Bytes.of(bytes));
    String proof = Base64.getEncoder().encodeToString(last.proof().toArray());
    String whole = last.withoutProof() + ",p=" + proof;
    assertThat(message).startsWith(last.withoutProof() + ",p=");
    // PostgreSQL takes an empty attribute at the end, too.
    assertThat(message.length()).isEqualTo(whole.length() + (message.endsWith(",") ? 1 : 0));
    assertThat(last.withoutProof() + ",").startsWith("c=biws,r=" + last.nonce() + ",");
    assertThat(last.proof().length()).isEqualTo(ScramVerifier.KEY_LENGTH);
  }
}
