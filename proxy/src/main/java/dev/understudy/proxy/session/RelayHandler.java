package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.listen.ConnectionEvent;
import dev.understudy.proxy.transport.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/**
 * Passes the bytes of one leg to the other and knows nothing of the protocol.
 *
 * <ul>
 *   <li>Both legs live on one event loop: no field needs to be volatile, order is kept.
 *   <li>A leg is read only while the other one can be written to: at most a write buffer's high
 *       water mark plus one turn's reads are held per direction.
 *   <li>The end of one leg's input, or of the leg, reaches the other after everything before it. A
 *       leg that can be sent nothing after that is closed.
 * </ul>
 */
final class RelayHandler extends ChannelInboundHandlerAdapter {
  /** For the end of a leg that takes nothing any more to be read. */
  private static final Duration TIME_TO_END = Duration.ofSeconds(10);

  private final Channel peer;
  private final Leg leg;

  RelayHandler(Channel peer, Leg leg) {
    this.peer = requireNonNull(peer, "peer is null");
    this.leg = requireNonNull(leg, "leg is null");
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    leg.sent(bytes);
    Channels.write(peer, bytes);
    if (!peer.isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    peer.flush();
    leg.paused();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    peer.config().setAutoRead(ctx.channel().isWritable());
    leg.writable();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      Channels.shutdownOutputAfterFlush(peer);
      if (!Channels.takesOutput(ctx.channel())) {
        Channels.afterFlush(peer, () -> Channels.close(ctx));
      }
    } else if (event == ConnectionEvent.SHUTTING_DOWN) {
      leg.drain();
    } else if (event == ConnectionEvent.KILLED) {
      leg.kill();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leg.gone();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof ClosedChannelException) {
      // A write to a leg that has just closed; its own channelInactive does what is left to do.
      return;
    }
    leg.failed(cause);
    if (cause instanceof ChannelOutputShutdownException) {
      // It is gone, and what it said before it went is still to be read.
      Channels.closeAfter(ctx.channel(), TIME_TO_END);
    } else {
      Channels.close(ctx);
    }
  }

  /** What a session hears of one of its legs. On the event loop. */
  interface Leg {
    /** Before {@code bytes} go to the other leg. Must not move the buffer's indices. */
    void sent(ByteBuf bytes);

    /** Nothing more to read for now; everything so far was flushed. */
    default void paused() {}

    /** The leg takes bytes again, or does not any more. */
    default void writable() {}

    /** The proxy wants to stop. */
    default void drain() {}

    /** Somebody wants the session to end. */
    default void kill() {}

    /** The leg is closed: ends the other one. */
    void gone();

    void failed(Throwable cause);
  }
}
