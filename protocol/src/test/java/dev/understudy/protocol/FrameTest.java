package dev.understudy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
  private static final Frame FRAME = new Frame((byte) 'Z', Bytes.utf8("I"));

  @Test
  void readsWhatItWrites() {
    ByteBuf buffer = Encoded.of(FRAME::encode);

    assertThat(Encoded.hex(FRAME::encode)).isEqualTo("5a0000000549");
    assertThat(Frame.decode(buffer, 1)).isEqualTo(FRAME);
    assertThat(buffer.isReadable()).isFalse();
  }

  @Test
  void waitsForTheLastByteAndLeavesWhatFollows() {
    ByteBuf whole = Encoded.of(FRAME::encode).writeByte(7);
    for (int length = 0; length < 6; length++) {
      ByteBuf part = whole.slice(0, length);
      assertThat(Frame.decode(part, 1)).isNull();
      assertThat(part.readerIndex()).isZero();
    }

    assertThat(Frame.decode(whole, 1)).isEqualTo(FRAME);
    assertThat(whole.readableBytes()).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5a00000003",
        "5a00000000",
        "5affffffff",
        "5a80000000",
        "5a7fffffff",
        "5a0000000f"
      })
  void refusesImpossibleLengthsBeforeItWaits(String header) {
    assertThatThrownBy(() -> Frame.decode(Encoded.fromHex(header), 10))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("invalid message length");
  }

  @Test
  void takesTheLongestAllowed() {
    Frame longest = new Frame((byte) 'E', Bytes.of(new byte[10]));

    assertThat(Frame.decode(Encoded.of(longest::encode), 10)).isEqualTo(longest);
    assertThatThrownBy(() -> Frame.decode(Encoded.of(longest::encode), 9))
        .isInstanceOf(ProtocolException.class);
  }
}
