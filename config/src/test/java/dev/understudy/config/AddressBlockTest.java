package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressBlockTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,          10.255.0.1,       true",
    "10.0.0.0/8,          11.0.0.1,         false",
    "10.1.2.128/25,       10.1.2.128,       true",
    "10.1.2.128/25,       10.1.2.127,       false",
    "192.0.2.7,           192.0.2.7,        true",
    "192.0.2.7,           192.0.2.6,        false",
    "0.0.0.0/0,           203.0.113.9,      true",
    "0.0.0.0/0,           2001:db8::1,      false",
    "::/0,                2001:db8::1,      true",
    "::/0,                203.0.113.9,      false",
    "2001:db8::/33,       2001:db8:7fff::1, true",
    "2001:db8::/33,       2001:db8:8000::1, false",
    "::1,                 ::1,              true",
    "::ffff:10.0.0.0/104, 10.9.9.9,         true",
    "::ffff:0:0/96,       10.9.9.9,         true",
  })
  void containsWhatSharesItsPrefix(String block, String address, boolean contains) {
    assertThat(AddressBlock.parse(block).contains(InetAddress.ofLiteral(address)))
        .isEqualTo(contains);
  }

  @Test
  void ipv4InTheFormOfIpv6IsIpv4() throws Exception {
    InetAddress mapped = mapped(10, 1, 2, 3);

    assertThat(mapped).isInstanceOf(Inet6Address.class);
    assertThat(AddressBlock.parse("10.0.0.0/8").contains(mapped)).isTrue();
    assertThat(AddressBlock.parse("::/0").contains(mapped)).isFalse();
    assertThat(AddressBlock.unmapped(mapped)).isEqualTo(InetAddress.ofLiteral("10.1.2.3"));
    assertThat(AddressBlock.around(mapped, 24)).isEqualTo(AddressBlock.parse("10.1.2.0/24"));
  }

  @Test
  void aBlockAroundAnAddressIsTheAddressWhereThatIsShorter() {
    assertThat(AddressBlock.around(InetAddress.ofLiteral("10.1.2.3"), 64))
        .isEqualTo(AddressBlock.parse("10.1.2.3/32"));
    assertThat(AddressBlock.around(InetAddress.ofLiteral("2001:db8::1"), 64))
        .isEqualTo(AddressBlock.parse("2001:db8::/64"));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,   10.1.0.0/16,   true",
    "10.0.0.0/8,   10.0.0.0/8,    true",
    "10.1.0.0/16,  10.0.0.0/8,    false",
    "0.0.0.0/0,    ::/0,          false",
  })
  void containsBlocks(String block, String other, boolean contains) {
    assertThat(AddressBlock.parse(block).contains(AddressBlock.parse(other))).isEqualTo(contains);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          10.0.0.1/8      | '10.0.0.1/8' has bits beyond its prefix; write 10.0.0.0/8
          2001:db8::1/64  | write 2001:db8:0:0:0:0:0:0/64
          10.0.0.0/33     | '10.0.0.0/33' has no such prefix; write for example 192.0.2.7
          10.0.0.0/       | has no such prefix
          10.0.0.0/-1     | has no such prefix
          10.0.0.0/8/8    | has no such prefix
          ::/129          | has no such prefix
          ::ffff:0:0/95   | has no such prefix
          10.0.0          | '10.0.0' is no address
          010.0.0.1       | is no address
          256.0.0.1       | is no address
          167772160       | is no address
          ::g             | is no address
          :::             | is no address
          fe80::1%eth0    | is no address
          [::1]           | is no address
          db.example.com  | is no address
          """)
  void whatIsNoBlockIsTold(String text, String message) {
    assertThatThrownBy(() -> AddressBlock.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  static InetAddress mapped(int... ipv4) throws UnknownHostException {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    for (int i = 0; i < ipv4.length; i++) {
      bytes[12 + i] = (byte) ipv4[i];
    }
    return Inet6Address.getByAddress(null, bytes, 0);
  }
}
