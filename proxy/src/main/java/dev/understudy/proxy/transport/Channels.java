package dev.understudy.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What is done to a channel without waiting for it. The outcome shows in the pipeline: a write that
 * fails arrives as an exception, a close as {@code channelInactive}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the reason is above
public final class Channels {
  private Channels() {}

  public static void close(ChannelOutboundInvoker channel) {
    channel.close();
  }

  public static void closeAfter(Channel channel, Duration delay) {
    Future<?> timer =
        channel.eventLoop().schedule(() -> close(channel), delay.toMillis(), TimeUnit.MILLISECONDS);
    whenClosed(channel, () -> timer.cancel(false));
  }

  public static void closeAfterFlush(Channel channel) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
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
   * would throw away what is still unsent. Input stays open.
   */
  public static void shutdownOutputAfterFlush(Channel channel) {
    if (channel instanceof DuplexChannel duplex) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> duplex.shutdownOutput());
    } else {
      closeAfterFlush(channel);
    }
  }

  /** On the channel's event loop, at once when it is closed already. */
  public static void whenClosed(Channel channel, Runnable action) {
    channel.closeFuture().addListener(_ -> action.run());
  }

  public static <T> void whenDone(Future<T> future, Runnable action) {
    future.addListener(_ -> action.run());
  }
}
