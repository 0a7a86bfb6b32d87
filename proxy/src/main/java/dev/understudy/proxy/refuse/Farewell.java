package dev.understudy.proxy.refuse;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.tls.TlsPipeline;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;

/**
 * Tells a client why its connection ends, and ends it.
 *
 * <p>Closing a socket with unread input makes the kernel send a reset, which can overtake the
 * error. So the output is shut first, what the client still sends is read and dropped, and the
 * socket is closed when the client has closed its side, or two seconds later. A slow client gets a
 * minute to take what was written before. Who has not authenticated gets neither when others want
 * its place, or its time is over.
 */
public final class Farewell extends ChannelInboundHandlerAdapter {
  private static final Duration TIME_TO_READ = Duration.ofMinutes(1);
  private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(2);

  private Farewell() {}

  /**
   * Sends an error after all that was written before, and ends the connection. Replaces every
   * handler of the channel's pipeline but those of TLS. On its event loop.
   */
  public static void say(Channel client, ErrorResponse refusal) {
    requireNonNull(refusal, "refusal is null");
    end(client, Channels.encode(client, refusal::encode));
  }

  /** The same with nothing left to say: all that was written before arrives. */
  public static void end(Channel client) {
    end(client, Unpooled.EMPTY_BUFFER);
  }

  private static void end(Channel client, ByteBuf lastWords) {
    if (client.pipeline().get(Farewell.class) != null || !client.isActive()) {
      lastWords.release();
      return;
    }
    // First the silencer: handlers that are removed may pass on what they had collected.
    client.pipeline().addLast(new Farewell());
    for (ChannelHandler handler : client.pipeline().toMap().values()) {
      if (!(handler instanceof Farewell || TlsPipeline.isPart(handler))) {
        client.pipeline().remove(handler);
      }
    }
    Channels.writeAndFlush(client, lastWords);
    client.config().setAutoRead(true);
    Channels.closeAfter(client, TIME_TO_READ);
    Channels.afterFlush(client, () -> closeOutput(client));
  }

  private static void closeOutput(Channel client) {
    if (client instanceof DuplexChannel duplex && !duplex.isInputShutdown()) {
      Channels.shutdownOutputAfterFlush(client);
      Channels.closeAfter(client, TIME_TO_CLOSE);
    } else {
      Channels.close(client);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      // It may still read what it has not been sent yet.
      Channels.afterFlush(ctx.channel(), () -> Channels.close(ctx));
    } else if (event == ConnectionEvent.DEADLINE_EXPIRED) {
      Channels.close(ctx);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Channels.close(ctx);
  }
}
