package dev.understudy.proxy.testing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;

/** Headers of the PROXY protocol, written by somebody else's encoder. */
public final class ProxyHeaders {
  private ProxyHeaders() {}

  /** Of a client at an IPv4 address. */
  public static byte[] of(String address, int port) {
    return encode(
        new HAProxyMessage(
            HAProxyProtocolVersion.V2,
            HAProxyCommand.PROXY,
            HAProxyProxiedProtocol.TCP4,
            address,
            "198.51.100.1",
            port,
            6432));
  }

  /** Of the sender's own connections. */
  public static byte[] local() {
    return encode(
        new HAProxyMessage(
            HAProxyProtocolVersion.V2,
            HAProxyCommand.LOCAL,
            HAProxyProxiedProtocol.UNKNOWN,
            null,
            null,
            0,
            0));
  }

  public static byte[] encode(HAProxyMessage message) {
    EmbeddedChannel channel = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
    channel.writeOutbound(message);
    ByteBuf encoded = channel.readOutbound();
    byte[] bytes = new byte[encoded.readableBytes()];
    encoded.readBytes(bytes);
    encoded.release();
    channel.finishAndReleaseAll();
    return bytes;
  }
}
