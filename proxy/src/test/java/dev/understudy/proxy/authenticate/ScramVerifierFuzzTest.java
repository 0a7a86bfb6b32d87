package dev.understudy.proxy.authenticate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.config.Secret;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScramVerifierFuzzTest {
  static Stream<byte[]> seeds() {
    String verifier =
        ScramVerifier.derive(new Secret("pencil"), Bytes.utf8("salt"), 2).text().value();
    return Stream.of(
            verifier,
            verifier.replace("$2:", "$999999999:"),
            verifier.replace("$2:", "$0:"),
            verifier.substring(0, verifier.length() - 1),
            "SCRAM-SHA-256$2:c2FsdA==$AA==:AA==",
            "md5" + "0a".repeat(16),
            "pencil")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void parse(byte[] bytes) {
    Secret text = new Secret(new String(bytes, StandardCharsets.UTF_8));
    ScramVerifier verifier = ScramVerifier.parse(text);
    if (verifier != null) {
      assertThat(text.value()).startsWith(ScramVerifier.PREFIX);
      assertThat(verifier.iterations()).isPositive();
      assertThat(verifier.salt().length()).isPositive();
      assertThat(ScramVerifier.parse(verifier.text())).isEqualTo(verifier);
    }
    assertThat(StoredPassword.of(text) instanceof StoredPassword.Scram).isEqualTo(verifier != null);
  }
}
