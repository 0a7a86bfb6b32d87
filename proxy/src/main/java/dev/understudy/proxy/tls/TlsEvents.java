package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ClientAddress;
import dev.understudy.proxy.transport.TlsOutputEnding;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what the handshake shows to be no client of ours, and tells the phases behind it of TLS in
 * the words that they know: a client that says that it sends no more (close_notify) has shut its
 * output, whether the end of the connection follows or not.
 */
final class TlsEvents extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(TlsEvents.class);

  private final boolean isDirect;
  private @Nullable SslHandler tls;

  /** Null: no handshake has succeeded. */
  private @Nullable Engine engine;

  private @Nullable Encryption encryption;
  private boolean refused;
  private boolean ended;

  TlsEvents(boolean isDirect) {
    this.isDirect = isDirect;
  }

  /**
   * Before the handshake, which is heard of here.
   *
   * @param encryption what will be known of the connection if it succeeds
   */
  void begin(SslHandler tls, Encryption encryption) {
    this.tls = requireNonNull(tls, "tls is null");
    this.encryption = requireNonNull(encryption, "encryption is null");
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (refused) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (tls != null && engine != null && engine.hasClientEnded(tls)) {
      inputEnded(ctx);
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case SslHandshakeCompletionEvent handshake -> handshakeEnded(ctx, handshake);
      case SslCloseCompletionEvent closed -> {
        if (closed.isSuccess() && !isOurEnd()) {
          inputEnded(ctx);
        }
      }
      case TlsOutputEnding _ -> {
        if (tls != null && engine != null) {
          engine.outputEnding(tls);
        }
      }
      case ChannelInputShutdownEvent _ -> inputEnded(ctx);
      case SniCompletionEvent _ -> {} // nothing that the handshake would not tell
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  /** Over BoringSSL Netty also tells that it is over when our side alone has ended. */
  private boolean isOurEnd() {
    return tls != null && engine == Engine.BORINGSSL && !engine.hasClientEnded(tls);
  }

  private void handshakeEnded(ChannelHandlerContext ctx, SslHandshakeCompletionEvent handshake) {
    if (!handshake.isSuccess()) {
      // Who just leaves is none of the log's business, as anywhere before authentication.
      String reason = reason(handshake.cause());
      if (reason != null) {
        log.info("{}: TLS handshake failed: {}", ClientAddress.of(ctx.channel()), reason);
      }
      refuse(ctx);
    } else {
      succeeded(
          ctx,
          requireNonNull(tls, "no handshake has begun"),
          requireNonNull(encryption, "no handshake has begun"));
    }
  }

  private void succeeded(ChannelHandlerContext ctx, SslHandler tls, Encryption encryption) {
    if (isDirect && !ApplicationProtocols.OURS.equals(tls.applicationProtocol())) {
      log.info(
          "{}: TLS without a request for it, and without the application protocol {}",
          ClientAddress.of(ctx.channel()),
          ApplicationProtocols.OURS);
      refuse(ctx);
      return;
    }
    engine = Engine.of(tls);
    engine.established(tls);
    ctx.fireUserEventTriggered(encryption);
  }

  private static @Nullable String reason(Throwable cause) {
    return switch (cause) {
      case SslClosedEngineException _ -> null;
      // Its message repeats what was sent, which may be a password.
      case NotSslRecordException _ -> "what came is not TLS";
      case TooLongFrameException _ -> "its ClientHello is longer than 16 KiB";
      case SSLException failure -> String.valueOf(failure.getMessage());
      default -> null;
    };
  }

  private void refuse(ChannelHandlerContext ctx) {
    refused = true;
    Channels.close(ctx);
  }

  private void inputEnded(ChannelHandlerContext ctx) {
    if (!ended) {
      ended = true;
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // What ended the handshake has been told already.
    if (!refused) {
      ctx.fireExceptionCaught(cause);
    }
  }
}
