package dev.understudy.protocol.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.Encoded;
import dev.understudy.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrontendMessageDecoderTest {
  static Stream<FrontendMessage> messages() {
    return Stream.of(
        new Query("SHOW HELP; SHOW VERSION"),
        new Parse("s", "SHOW HELP"),
        new Parse("", "SELECT $1, $2", List.of(25, 0)),
        new Bind("p", "s", 2, List.of(0, 1)),
        new Describe(Target.STATEMENT, "s"),
        new Describe(Target.PORTAL, ""),
        new Close(Target.PORTAL, "p"),
        new Execute("p", 100),
        FrontendMessage.Simple.SYNC,
        FrontendMessage.Simple.FLUSH,
        FrontendMessage.Simple.TERMINATE);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void readsOnceItIsWhole(FrontendMessage message) {
    ByteBuf whole = Encoded.of(out -> FrontendMessages.encode(message, out)).writeByte('X');
    for (int i = 0; i < whole.readableBytes() - 1; i++) {
      assertThat(FrontendMessageDecoder.decode(whole.slice(0, i))).isNull();
    }

    assertThat(FrontendMessageDecoder.decode(whole)).isEqualTo(message);
    assertThat(whole.readableBytes()).isOne();
  }

  @ParameterizedTest
  @CsvSource({
    "5100000006 4142, invalid string in message",
    "5100000007 410041, invalid message format",
    "510010ffff, invalid message length",
    "4600000004, invalid frontend message type 70",
    "4400000006 5800, invalid message subtype 88",
    "4200000010 0000 0000 0001 fffffffe 0000, invalid message format",
    "420000000e 0000 0000 0000 0001 0002, unsupported format code: 2",
    "4200000010 0000 0000 0001 7fffffff 0000, insufficient data left in message"
  })
  void refuses(String hex, String message) {
    assertThatThrownBy(() -> FrontendMessageDecoder.decode(Encoded.fromHex(hex)))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(message);
  }
}
