package dev.understudy.protocol.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.Encoded;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartupMessageTest {
  @Test
  void isEncodedAsTheManualHasIt() {
    assertThat(Encoded.hex(new StartupMessage(3, 2, Map.of("user", "u"))::encode))
        .isEqualTo("00000010" + "00030002" + "75736572" + "00" + "75" + "00" + "00");
    assertThat(Encoded.hex(new CancelRequest(258, Bytes.utf8("abcd"))::encode))
        .isEqualTo("00000010" + "04d2162e" + "00000102" + "61626364");
    assertThat(Encoded.hex(new SSLRequest()::encode)).isEqualTo("0000000804d2162f");
    assertThat(Encoded.hex(new GSSENCRequest()::encode)).isEqualTo("0000000804d21630");
  }

  @Test
  void defaultsToADatabaseNamedLikeTheUser() {
    assertThat(new StartupMessage(3, 0, Map.of("user", "u")).database()).isEqualTo("u");
    assertThat(new StartupMessage(3, 0, Map.of("user", "u", "database", "")).database())
        .isEqualTo("u");
    assertThat(new StartupMessage(3, 0, Map.of("user", "u", "database", "d")).database())
        .isEqualTo("d");
  }

  @Test
  void refusesCancelKeysOfOtherLengths() {
    assertThatThrownBy(() -> new CancelRequest(1, Bytes.of(new byte[3])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CancelRequest(1, Bytes.of(new byte[257])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
