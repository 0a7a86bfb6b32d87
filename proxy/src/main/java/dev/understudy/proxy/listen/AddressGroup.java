package dev.understudy.proxy.listen;

import dev.understudy.config.AddressBlock;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Which connections count as coming from one place. */
final class AddressGroup {
  private static final int BITS = 64;

  private AddressGroup() {}

  /** The host; of an IPv6 address its /64, since one host commonly owns all of it. */
  static Object of(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? AddressBlock.around(inet.getAddress(), BITS)
        : address;
  }
}
