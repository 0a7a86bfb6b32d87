package dev.understudy.proxy.authenticate;

import static dev.understudy.proxy.authenticate.ScramClient.bytes;
import static dev.understudy.proxy.authenticate.ScramClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScramClientFirstFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
            "y,,n=,r=a,x=y,z=",
            "p=tls-server-end-point,,n=,r=a",
            "n,a=joe,n=,r=a",
            "n,,m=1,n=,r=a",
            "n,,n=\u00FF,r=a b")
        .map(message -> bytes(message).toArray());
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void parse(byte[] bytes) {
    ScramClientFirst first;
    try {
      first = ScramClientFirst.parse(Bytes.of(bytes), null, false);
    } catch (ProtocolException e) {
      assertThat(e.sqlState()).hasSize(5);
      return;
    }
    byte[] header = Base64.getDecoder().decode(first.channelBinding());
    assertThat(new String(header, StandardCharsets.US_ASCII) + first.bare())
        .isEqualTo(text(Bytes.of(bytes)));
    assertThat(first.bare() + ",").contains(",r=" + first.nonce() + ",");
    assertThat(first.nonce()).matches("[!-+\\--~]*");
  }
}
