package dev.understudy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
  private final MessageReader reader =
      new MessageReader(Bytes.of(new byte[] {0, 0, 1, 0, 7, 'a', 'b', 0, 0, 9}));

  @Test
  void readsFieldsInOrder() {
    assertThat(reader.readInt()).isEqualTo(256);
    assertThat(reader.readByte()).isEqualTo((byte) 7);
    assertThat(reader.readString()).isEqualTo("ab");
    assertThat(reader.readString()).isEmpty();
    assertThat(reader.hasRemaining()).isTrue();
    assertThat(reader.readRemaining()).isEqualTo(Bytes.of((byte) 9));
    reader.end();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 11, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void neverReadsPastTheBody(int length) {
    assertThatThrownBy(() -> reader.readBytes(length))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("insufficient data left in message");
  }

  @Test
  void insistsOnTheEnd() {
    assertThatThrownBy(reader::end)
        .isInstanceOf(ProtocolException.class)
        .hasMessage("invalid message format");
  }

  @Test
  void insistsOnTheEndOfAString() {
    MessageReader unterminated = new MessageReader(Bytes.utf8("abc"));

    assertThatThrownBy(unterminated::readString)
        .isInstanceOf(ProtocolException.class)
        .hasMessage("invalid string in message");
  }

  @Test
  void toleratesOtherEncodings() {
    assertThat(new MessageReader(Bytes.of((byte) 0xFC, (byte) 0)).readString()).isEqualTo("\uFFFD");
  }
}
