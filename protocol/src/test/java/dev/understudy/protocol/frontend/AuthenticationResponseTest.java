package dev.understudy.protocol.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.Encoded;
import dev.understudy.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationResponseTest {
  @Test
  void readsWhatItWrites() {
    AuthenticationResponse response = new AuthenticationResponse(Bytes.utf8("secret"));
    ByteBuf whole = Encoded.of(response::encode).writeByte('X');
    for (int i = 0; i < whole.readableBytes() - 1; i++) {
      assertThat(AuthenticationResponse.decode(whole.slice(0, i))).isNull();
    }

    assertThat(AuthenticationResponse.decode(whole)).isEqualTo(response);
    assertThat(whole.readableBytes()).isOne();
    assertThat(response.toString()).doesNotContain("secret");
  }

  @Test
  void refusesAnotherTypeAtItsFirstByte() {
    assertThatThrownBy(() -> AuthenticationResponse.decode(Encoded.fromHex("58")))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("expected password response, got message type 88");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7000000003", "7000010004", "707fffffff", "70ffffffff"})
  void refusesImpossibleLengthsBeforeItWaits(String header) {
    assertThatThrownBy(() -> AuthenticationResponse.decode(Encoded.fromHex(header)))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("invalid message length");
  }

  @Test
  void isReadAsAPassword() {
    assertThat(PasswordMessage.decode(body("616200")).password()).isEqualTo(Bytes.utf8("ab"));
    for (String hex : new String[] {"", "6162", "61006200", "616200" + "00"}) {
      assertThatThrownBy(() -> PasswordMessage.decode(body(hex)))
          .isInstanceOf(ProtocolException.class)
          .hasMessage("invalid password packet size");
    }
  }

  @Test
  void isReadAsAnInitialResponse() {
    assertThat(SASLInitialResponse.decode(body("5800" + "00000002" + "6e2c")))
        .isEqualTo(new SASLInitialResponse("X", Bytes.utf8("n,")));
    assertThat(SASLInitialResponse.decode(body("5800" + "00000000")))
        .isEqualTo(new SASLInitialResponse("X", Bytes.EMPTY));
    assertThat(SASLInitialResponse.decode(body("5800" + "ffffffff")))
        .isEqualTo(new SASLInitialResponse("X", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "58",
        "5800",
        "5800000000",
        "580000000001",
        "5800fffffffe",
        "58007fffffff",
        "58000000000061",
        "5800ffffffff61"
      })
  void isRefusedAsAnInitialResponse(String hex) {
    assertThatThrownBy(() -> SASLInitialResponse.decode(body(hex)))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void letsOutOnlyProtocolExceptionsForRandomBytes() {
    Random random = new Random(42);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(30)];
      random.nextBytes(noise);
      ByteBuf buffer = Unpooled.buffer();
      buffer.writeByte(random.nextInt(20) == 0 ? random.nextInt(256) : 'p');
      buffer.writeInt(4 + random.nextInt(noise.length + 2)).writeBytes(noise);
      try {
        AuthenticationResponse response = AuthenticationResponse.decode(buffer);
        if (response != null) {
          read++;
          assertThat(SASLResponse.decode(response).data()).isEqualTo(response.body());
          SASLInitialResponse.decode(response);
        }
      } catch (ProtocolException e) {
        assertThat(e.sqlState()).isEqualTo("08P01");
      }
      assertThat(buffer.refCnt()).isOne();
    }
    assertThat(read).isPositive();
  }

  private static AuthenticationResponse body(String hex) {
    ByteBuf buffer = Encoded.fromHex(hex);
    return new AuthenticationResponse(Bytes.read(buffer, buffer.readableBytes()));
  }
}
