package dev.understudy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class BytesTest {
  @Test
  void comparesByContent() {
    assertThat(Bytes.of((byte) 1, (byte) 2)).isEqualTo(Bytes.of((byte) 1, (byte) 2));
    assertThat(Bytes.of((byte) 1, (byte) 2)).isNotEqualTo(Bytes.of((byte) 1, (byte) 3));
    assertThat(Bytes.of((byte) 1)).isNotEqualTo(Bytes.of((byte) 1, (byte) 0));
    assertThat(Bytes.utf8("a")).hasSameHashCodeAs(Bytes.of((byte) 'a'));
  }

  @Test
  void cannotBeChangedFromOutside() {
    byte[] given = {1, 2};
    Bytes bytes = Bytes.of(given);
    given[0] = 9;
    bytes.toArray()[1] = 9;

    assertThat(bytes).isEqualTo(Bytes.of((byte) 1, (byte) 2));
  }

  @Test
  void showsNoContent() {
    assertThat(Bytes.utf8("secret")).hasToString("Bytes[6]");
  }

  @Test
  void differsFromRunToRunWhereRandom() {
    SecureRandom random = new SecureRandom();

    assertThat(Bytes.random(32, random)).isNotEqualTo(Bytes.random(32, random));
  }
}
