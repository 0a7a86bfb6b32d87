package dev.understudy.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AddressGroupTest {
  @Test
  void portsOfOneHostAreOneGroup() {
    assertThat(group("192.0.2.1", 1)).isEqualTo(group("192.0.2.1", 2));
  }

  @Test
  void hostsOfIpv4AreGroupsOfTheirOwn() {
    assertThat(group("192.0.2.1", 1)).isNotEqualTo(group("192.0.2.2", 1));
  }

  @Test
  void aSubnetOfIpv6IsOneGroup() {
    assertThat(group("2001:db8::1", 1)).isEqualTo(group("2001:db8::ffff:1", 1));
    assertThat(group("2001:db8::1", 1)).isNotEqualTo(group("2001:db8:0:1::1", 1));
  }

  @Test
  void hostsOfIpv4InTheFormOfIpv6AreNotOneGroup() throws Exception {
    assertThat(mapped(1)).isEqualTo(group("192.0.2.1", 5)).isNotEqualTo(mapped(2));
  }

  private static Object mapped(int last) throws Exception {
    byte[] bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, (byte) last};
    return AddressGroup.of(new InetSocketAddress(Inet6Address.getByAddress(null, bytes, 0), 5));
  }

  @Test
  void networksOfIpv4AreBigger() {
    assertThat(network("192.0.2.1")).isEqualTo(network("192.0.2.254"));
    assertThat(network("192.0.2.1")).isNotEqualTo(network("192.0.3.1"));
    assertThat(network("2001:db8::1")).isEqualTo(group("2001:db8::2", 1));
  }

  private static Object network(String host) {
    return AddressGroup.networkOf(new InetSocketAddress(host, 1));
  }

  private static Object group(String host, int port) {
    return AddressGroup.of(new InetSocketAddress(host, port));
  }
}
