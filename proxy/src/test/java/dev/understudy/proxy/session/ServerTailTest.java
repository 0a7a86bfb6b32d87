package dev.understudy.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTailTest {
  private static final String READY_AND_IDLE = "Z\0\0\0\5I";

  private final ServerTail tail = new ServerTail();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 100})
  void seesReadyForQueryInPiecesOfAnySize(int size) {
    String stream = "D\0\0\0\7abc" + READY_AND_IDLE;

    for (int i = 0; i < stream.length(); i += size) {
      assertThat(tail.isReadyAndIdle()).isFalse();
      append(stream.substring(i, Math.min(i + size, stream.length())));
    }

    assertThat(tail.isReadyAndIdle()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Z\0\0\0\5T", "Z\0\0\0\5E", READY_AND_IDLE + "N", "Z\0\0\0\5", ""})
  void isNotFooledByAnythingElse(String stream) {
    append(stream);

    assertThat(tail.isReadyAndIdle()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Z\0\0\0\5T", "Z\0\0\0\5E", READY_AND_IDLE})
  void seesTheEndOfAnAnswerInATransactionToo(String stream) {
    append("D" + stream);
    assertThat(tail.isReady()).isTrue();
    append("N");
    assertThat(tail.isReady()).isFalse();
  }

  @Test
  void leavesTheBufferAsItWas() {
    ByteBuf bytes = Unpooled.copiedBuffer(READY_AND_IDLE, StandardCharsets.ISO_8859_1);

    tail.append(bytes);

    assertThat(bytes.readableBytes()).isEqualTo(6);
  }

  private void append(String bytes) {
    tail.append(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
  }
}
