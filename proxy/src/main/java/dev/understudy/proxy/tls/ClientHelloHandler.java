package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the message that a handshake begins with, and goes on with the certificate for the
 * server that it names. What comes of it is told to {@link TlsEvents}, which stands behind.
 */
final class ClientHelloHandler extends AbstractSniHandler<TlsCertificate> {
  /** Some five times what clients send. */
  private static final int LONGEST = 1 << 14;

  private final TlsCertificates certificates;
  private final TlsEvents events;

  ClientHelloHandler(TlsCertificates certificates, TlsEvents events) {
    // From accept to authenticated there is one deadline, which is not ours.
    super(LONGEST, 0);
    this.certificates = requireNonNull(certificates, "certificates is null");
    this.events = requireNonNull(events, "events is null");
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    // With each piece that comes, Netty looks at all of them again, however small they are.
    if (in.readableBytes() > LONGEST) {
      in.skipBytes(in.readableBytes());
      ctx.fireUserEventTriggered(
          new SslHandshakeCompletionEvent(new TooLongFrameException("ClientHello")));
    } else {
      super.decode(ctx, in, out);
    }
  }

  @Override
  protected Future<TlsCertificate> lookup(ChannelHandlerContext ctx, @Nullable String serverName) {
    return ctx.executor().newSucceededFuture(certificates.of(withoutDot(serverName)));
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext ctx, @Nullable String serverName, Future<TlsCertificate> found) {
    TlsCertificate certificate = found.getNow();
    SslHandler tls = certificate.context().newHandler(ctx.alloc());
    tls.setHandshakeTimeoutMillis(0);
    events.begin(tls, new Encryption(certificate.binding(), withoutDot(serverName)));
    ctx.pipeline().replace(this, null, tls);
  }

  /** Netty has folded it to lower case. */
  private static @Nullable String withoutDot(@Nullable String serverName) {
    return serverName != null && serverName.endsWith(".")
        ? serverName.substring(0, serverName.length() - 1)
        : serverName;
  }
}
