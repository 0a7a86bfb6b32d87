package dev.understudy.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to a channel without waiting for it. The outcome shows in the pipeline: a write that
 * fails arrives as an exception, a close as {@code channelInactive}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the reason is above
public final class Channels {
  private static final Logger log = LoggerFactory.getLogger(Channels.class);

  private Channels() {}

  public static void close(ChannelOutboundInvoker channel) {
    channel.close();
  }

  public static void closeAfter(Channel channel, Duration delay) {
    Future<?> timer =
        channel.eventLoop().schedule(() -> close(channel), delay.toMillis(), TimeUnit.MILLISECONDS);
    whenClosed(channel, () -> timer.cancel(false));
  }

  /** Runs the action once all that was written before is sent, or has failed. */
  public static void afterFlush(Channel channel, Runnable action) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> action.run());
  }

  /** What the encoder writes, in a buffer of the channel's; nothing is left behind if it throws. */
  public static ByteBuf encode(Channel channel, Consumer<ByteBuf> encoder) {
    ByteBuf bytes = channel.alloc().buffer();
    try {
      encoder.accept(bytes);
      return bytes;
    } catch (RuntimeException e) {
      bytes.release();
      throw e;
    }
  }

  /** Takes over {@code bytes}. */
  public static void write(Channel channel, ByteBuf bytes) {
    channel.write(bytes, channel.voidPromise());
  }

  /** Takes over {@code bytes}. */
  public static void writeAndFlush(Channel channel, ByteBuf bytes) {
    channel.writeAndFlush(bytes, channel.voidPromise());
  }

  /**
   * Tells the other side that nothing more comes, after all that was written before; Netty alone
   * would throw away what is still unsent. Inside TLS it is told there first: without that, the end
   * could be somebody else's. Input stays open.
   */
  public static void shutdownOutputAfterFlush(Channel channel) {
    if (channel instanceof DuplexChannel duplex) {
      afterFlush(
          channel,
          () -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null) {
              duplex.shutdownOutput();
            } else {
              channel.pipeline().fireUserEventTriggered(TlsOutputEnding.INSTANCE);
              tls.closeOutbound().addListener(_ -> duplex.shutdownOutput());
            }
          });
    } else {
      afterFlush(channel, channel::close);
    }
  }

  /**
   * Whether what is written may still arrive. Who ends its side of TLS 1.2 ends both, and in TLS
   * 1.3 the other one may say that it does; what is written then is lost, as fast as it comes.
   */
  public static boolean takesOutput(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    return tls == null || !tls.engine().isOutboundDone();
  }

  /** On the channel's event loop, at once when it is closed already. */
  public static void whenClosed(Channel channel, Runnable action) {
    channel.closeFuture().addListener(_ -> action.run());
  }

  /** Runs the action on the channel's event loop, later; not at all once that has ended. */
  public static void execute(Channel channel, Runnable action) {
    try {
      channel.eventLoop().execute(action);
    } catch (RejectedExecutionException e) {
      log.debug("{}: its event loop has ended", channel, e);
    }
  }

  public static <T> void whenDone(Future<T> future, Runnable action) {
    future.addListener(_ -> action.run());
  }
}
