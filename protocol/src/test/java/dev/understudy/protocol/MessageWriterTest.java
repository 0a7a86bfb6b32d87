package dev.understudy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class MessageWriterTest {
  @Test
  void endsEveryStringWithAZero() {
    assertThat(Encoded.hex(out -> MessageWriter.writeString(out, "aü"))).isEqualTo("61c3bc00");
  }

  @Test
  void refusesAZeroWithin() {
    assertThatThrownBy(() -> MessageWriter.writeString(Unpooled.buffer(), "user\0database"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
