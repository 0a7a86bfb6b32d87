package dev.understudy.proxy.tls;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;

/**
 * The handlers that encrypt a client's connection. They stay before those of all its phases, until
 * it is closed.
 */
public final class TlsPipeline {
  private TlsPipeline() {}

  /**
   * Waits for the client's side of a handshake. On the client's event loop.
   *
   * @param previous whose handler is replaced; bytes that it has read already are of the handshake
   * @param certificates are held for this
   * @param isDirect nobody has asked before: the client must name the application protocol
   * @param next hears of the {@link Encryption}, and then gets what was encrypted
   */
  public static void begin(
      ChannelHandlerContext previous,
      TlsCertificates certificates,
      boolean isDirect,
      ChannelHandler next) {
    ChannelPipeline pipeline = previous.pipeline();
    TlsEvents events = new TlsEvents(isDirect);
    pipeline.addAfter(previous.name(), null, next);
    pipeline.addAfter(previous.name(), null, events);
    pipeline.replace(previous.handler(), null, new ClientHelloHandler(certificates, events));
  }

  public static boolean isPart(ChannelHandler handler) {
    return handler instanceof ClientHelloHandler
        || handler instanceof SslHandler
        || handler instanceof TlsEvents;
  }
}
