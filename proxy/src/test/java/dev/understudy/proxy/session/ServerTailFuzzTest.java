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
            "Z\0\0\0\5T")
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
      assertThat(tail.isReadyAndIdle()).isEqualTo(stream.endsWith(READY_AND_IDLE));
      assertThat(tail.isReadyAfterEmptyQuery())
          .isEqualTo(stream.endsWith(EMPTY_QUERY + READY_AND_IDLE));
    }
  }
}
