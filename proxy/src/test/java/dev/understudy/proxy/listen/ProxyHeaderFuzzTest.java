package dev.understudy.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.proxy.testing.Pieces;
import dev.understudy.proxy.testing.ProxyHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyHeaderFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(ProxyHeaders.of("192.0.2.7", 1), ProxyHeaders.local(), new byte[] {'\r', 0});
  }

  /** Whatever comes, and in whatever pieces: a header, a refusal, or nothing yet. */
  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] bytes) {
    String whole = outcome(Unpooled.wrappedBuffer(bytes));
    String first = outcome(Unpooled.wrappedBuffer(Pieces.two(bytes).getFirst()));

    assertThat(first).isIn("nothing yet", whole);
  }

  private static String outcome(ByteBuf in) {
    try {
      ProxyHeader header = ProxyHeader.decode(in);
      if (header == null) {
        assertThat(in.readerIndex()).isZero();
        return "nothing yet";
      }
      return header.toString();
    } catch (ProtocolException e) {
      return e.message();
    }
  }
}
