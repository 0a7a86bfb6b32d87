package dev.understudy.proxy.transport;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Where a client comes from, which is not who has connected where somebody passes clients on. */
public final class ClientAddress {
  private static final AttributeKey<InetSocketAddress> TOLD =
      AttributeKey.valueOf(ClientAddress.class, "told");

  private ClientAddress() {}

  /** For limits, rules and the log. */
  public static SocketAddress of(Channel client) {
    InetSocketAddress told = client.attr(TOLD).get();
    return told == null ? client.remoteAddress() : told;
  }

  /** The client's own, as told by somebody who is trusted with it. */
  public static void set(Channel client, InetSocketAddress address) {
    client.attr(TOLD).set(address);
  }
}
