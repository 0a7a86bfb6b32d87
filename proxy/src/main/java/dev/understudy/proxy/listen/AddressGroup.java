package dev.understudy.proxy.listen;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** Which connections count as coming from one place. */
public final class AddressGroup {
  private AddressGroup() {}

  /** The host; of an IPv6 address its /64, since one host commonly owns all of it. */
  static Object of(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return address;
    }
    return inet.getAddress() instanceof Inet6Address v6
        ? ByteBuffer.wrap(v6.getAddress()).getLong()
        : inet.getAddress();
  }

  /** Of an IPv4 address its /24, of an IPv6 address its /64. */
  public static Object networkOf(SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address v4
        ? ByteBuffer.wrap(v4.getAddress()).getInt() >>> 8
        : of(address);
  }
}
