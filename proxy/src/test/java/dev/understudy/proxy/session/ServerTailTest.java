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

  @ParameterizedTest
  @ValueSource(strings = {"I", "T", "E"})
  void whatNobodyAskedForLeavesItReadyInPiecesOfAnySize(String status) {
    String ready = "I\0\0\0\4Z\0\0\0\5" + status;
    String asides = "A\0\0\0\15\0\0\0\1abc\0\0" + "S\0\0\0\10a\0b\0" + "N\0\0\0\5\0";
    String stream = "D\0\0\0\7abc" + ready + asides + asides;
    for (int first = 0; first <= stream.length(); first++) {
      for (int second = first; second <= stream.length(); second++) {
        ServerTail each = new ServerTail();
        append(each, stream.substring(0, first));
        append(each, stream.substring(first, second));
        append(each, stream.substring(second));

        assertThat(each.isReady()).as("%s, %s", first, second).isTrue();
        assertThat(each.isReadyAndIdle()).isEqualTo("I".equals(status));
        assertThat(each.isReadyAfterEmptyQuery()).isEqualTo("I".equals(status));
      }
    }
  }

  @Test
  void isNotReadyInTheMiddleOfWhatNobodyAskedFor() {
    String aside = "A\0\0\0\15\0\0\0\1abc\0\0";
    for (int length = 1; length < aside.length(); length++) {
      ServerTail each = new ServerTail();
      append(each, READY_AND_IDLE + aside.substring(0, length));
      assertThat(each.isReady()).isFalse();
      append(each, aside.substring(length));
      assertThat(each.isReady()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "D\0\0\0\5x",
        "N\0\0\0\3",
        "N\377\377\377\377",
        "N\1\0\0\0",
        "N\0\0\0\5\0C\0\0\0\5\0",
        "N\0\0\0\6\0"
      })
  void anythingElseIsAnAnswer(String stream) {
    append(READY_AND_IDLE + stream);

    assertThat(tail.isReady()).isFalse();
    append(READY_AND_IDLE);
    assertThat(tail.isReadyAndIdle()).isTrue();
  }

  @Test
  void behindAWordOfTheClientsEverythingMayBeAnAnswer() {
    String notice = "N\0\0\0\5\0";
    append(READY_AND_IDLE + notice);
    tail.clientSpoke();
    append(notice);
    assertThat(tail.isReady()).isFalse();

    append(notice + READY_AND_IDLE + notice);
    assertThat(tail.isReadyAndIdle()).isTrue();
  }

  @Test
  void leavesTheBufferAsItWas() {
    ByteBuf bytes = Unpooled.copiedBuffer(READY_AND_IDLE, StandardCharsets.ISO_8859_1);

    tail.append(bytes);

    assertThat(bytes.readableBytes()).isEqualTo(6);
  }

  private void append(String bytes) {
    append(tail, bytes);
  }

  private static void append(ServerTail tail, String bytes) {
    tail.append(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
  }
}
