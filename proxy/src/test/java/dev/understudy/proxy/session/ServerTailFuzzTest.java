package dev.understudy.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.proxy.testing.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class ServerTailFuzzTest {
  private static final String READY_AND_IDLE = "Z\0\0\0\5I";
  private static final String EMPTY_QUERY = "I\0\0\0\4";

  static Stream<byte[]> seeds() {
    return Stream.of(
            READY_AND_IDLE,
            EMPTY_QUERY + READY_AND_IDLE,
            "D\0\0\0\7abc" + EMPTY_QUERY + READY_AND_IDLE,
            READY_AND_IDLE + EMPTY_QUERY,
            "Z\0\0\0\5T",
            READY_AND_IDLE + "A\0\0\0\13\0\0\0\1a\0\0N\0\0\0\5\0",
            EMPTY_QUERY + READY_AND_IDLE + "S\0\0\0\10a\0b\0")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void append(byte[] bytes) {
    String stream = new String(bytes, StandardCharsets.ISO_8859_1);
    for (List<byte[]> pieces : List.of(List.of(bytes), Pieces.two(bytes))) {
      ServerTail tail = new ServerTail();
      for (byte[] piece : pieces) {
        ByteBuf buffer = Unpooled.wrappedBuffer(piece);
        tail.append(buffer);
        assertThat(buffer.readableBytes()).isEqualTo(piece.length);
      }
      if (stream.endsWith(READY_AND_IDLE)) {
        assertThat(tail.isReadyAndIdle()).isTrue();
      } else if (tail.isReadyAndIdle()) {
        assertThat(readyBefore(stream)).isTrue();
      }
      if (tail.isReadyAfterEmptyQuery()) {
        assertThat(stream).contains(EMPTY_QUERY + READY_AND_IDLE);
      }
    }
  }

  /** Whether whole messages that nobody asked for come last, behind a ReadyForQuery. */
  private static boolean readyBefore(String stream) {
    int ready = stream.indexOf(READY_AND_IDLE);
    while (ready >= 0) {
      int at = ready + READY_AND_IDLE.length();
      while (at + 5 <= stream.length() && "ASN".indexOf(stream.charAt(at)) >= 0) {
        long length =
            (long) stream.charAt(at + 1) << 24
                | stream.charAt(at + 2) << 16
                | stream.charAt(at + 3) << 8
                | stream.charAt(at + 4);
        if (length < 4 || at + 1 + length > stream.length()) {
          break;
        }
        at += 1 + (int) length;
      }
      if (at == stream.length()) {
        return true;
      }
      ready = stream.indexOf(READY_AND_IDLE, ready + 1);
    }
    return false;
  }
}
