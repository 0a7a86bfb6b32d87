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
   * @param isDirect nobody has asked before: the client must name the application protocol
   * @param next gets what was encrypted
   */
  public static void begin(
      ChannelHandlerContext previous,
      TlsCertificate certificate,
      boolean isDirect,
      ChannelHandler next) {
    ChannelPipeline pipeline = previous.pipeline();
    SslHandler tls = certificate.context().newHandler(previous.alloc());
    // From accept to authenticated there is one deadline, which is not ours.
    tls.setHandshakeTimeoutMillis(0);
    pipeline.addAfter(previous.name(), null, next);
    pipeline.addAfter(previous.name(), null, new TlsEvents(tls, isDirect));
    pipeline.replace(previous.handler(), null, tls);
  }

  public static boolean isPart(ChannelHandler handler) {
    return handler instanceof SslHandler || handler instanceof TlsEvents;
  }
}
