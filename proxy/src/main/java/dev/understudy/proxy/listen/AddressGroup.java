package dev.understudy.proxy.listen;

import dev.understudy.config.AddressBlock;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Which connections count as coming from one place. */
public final class AddressGroup {
  private static final int BITS = 64;
  private static final int BITS_OF_AN_IPV4_NETWORK = 24;

  private AddressGroup() {}

  /** The host; of an IPv6 address its /64, since one host commonly owns all of it. */
  static Object of(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? AddressBlock.around(inet.getAddress(), BITS)
        : address;
  }

  /** Of an IPv4 address its /24, of an IPv6 address its /64. */
  public static Object networkOf(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return address;
    }
    InetAddress host = AddressBlock.unmapped(inet.getAddress());
    return AddressBlock.around(host, host instanceof Inet4Address ? BITS_OF_AN_IPV4_NETWORK : BITS);
  }
}
