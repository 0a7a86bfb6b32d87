package dev.understudy.proxy.access;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.AddressBlock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection comes from.
 *
 * @param encrypted whether it is inside TLS
 */
public record Origin(SocketAddress address, boolean encrypted) {
  public Origin {
    requireNonNull(address, "address is null");
  }

  /** Null: it has no address of the internet. */
  @Nullable InetAddress inet() {
    return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
  }

  /** As PostgreSQL shows a client's host. */
  String host() {
    InetAddress inet = inet();
    return inet == null ? address.toString() : AddressBlock.unmapped(inet).getHostAddress();
  }

  Origin insideTls() {
    return new Origin(address, true);
  }
}
