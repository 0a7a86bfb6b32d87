package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the message that a handshake begins with, and goes on with the certificate for the
 * server that it names; or ends it, if the client is going to speak something else. What comes of
 * it is told to {@link TlsEvents}, which stands behind.
 */
final class ClientHelloHandler extends AbstractSniHandler<Boolean> {
  /** Some five times what clients send. */
  private static final int LONGEST = 1 << 14;

  /** A record with the fatal alert no_application_protocol, as servers of TLS send it. */
  private static final byte[] ALERT = {0x15, 3, 3, 0, 2, 2, 120};

  private final TlsCertificates certificates;
  private final TlsEvents events;
  private boolean speaksOthersAlone;
  private boolean ended;

  /**
   * In a pipeline.
   *
   * @param certificates are held, and let go when this is removed
   */
  ClientHelloHandler(TlsCertificates certificates, TlsEvents events) {
    // From accept to authenticated there is one deadline, which is not ours.
    super(LONGEST, 0);
    this.certificates = requireNonNull(certificates, "certificates is null");
    this.events = requireNonNull(events, "events is null");
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (ended) {
      in.skipBytes(in.readableBytes());
    } else if (in.readableBytes() > LONGEST) {
      // With each piece that comes, Netty looks at all of them again, however small they are.
      in.skipBytes(in.readableBytes());
      end(ctx, new TooLongFrameException("ClientHello"));
    } else {
      super.decode(ctx, in, out);
    }
  }

  @Override
  protected Future<Boolean> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf hello)
      throws Exception {
    speaksOthersAlone = hello != null && ApplicationProtocols.areOthersAlone(hello);
    return super.lookup(ctx, hello);
  }

  /** Nothing that would take time. */
  @Override
  protected Future<Boolean> lookup(ChannelHandlerContext ctx, @Nullable String serverName) {
    return ctx.executor().newSucceededFuture(true);
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext ctx, @Nullable String serverName, Future<Boolean> found) {
    if (speaksOthersAlone) {
      var _ = ctx.writeAndFlush(ctx.alloc().buffer(ALERT.length).writeBytes(ALERT));
      end(
          ctx,
          new SSLHandshakeException(
              "the client offers application protocols, but not " + ApplicationProtocols.OURS));
      return;
    }
    TlsCertificates.Offer offer = certificates.offer(withoutDot(serverName), ctx.alloc());
    offer.tls().setHandshakeTimeoutMillis(0);
    events.begin(offer.tls(), offer.encryption());
    ctx.pipeline().replace(this, null, offer.tls());
  }

  private void end(ChannelHandlerContext ctx, Throwable reason) {
    ended = true;
    ctx.fireUserEventTriggered(new SslHandshakeCompletionEvent(reason));
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    certificates.letGo();
    super.handlerRemoved0(ctx);
  }

  /** Netty has folded it to lower case. */
  private static @Nullable String withoutDot(@Nullable String serverName) {
    return serverName != null && serverName.endsWith(".")
        ? serverName.substring(0, serverName.length() - 1)
        : serverName;
  }
}
