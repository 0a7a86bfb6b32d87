package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ConnectionEvent;
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
 *       water mark plus one turn's reads are held per direction. One that takes nothing any more is
 *       read to its end: what it said last is in its socket, and its end is behind that.
 *   <li>The end of one leg's input, or of the leg, reaches the other after everything before it. A
 *       leg that can be sent nothing after that is closed.
 * </ul>
 */
final class RelayHandler extends ChannelInboundHandlerAdapter {
  /** For a leg that takes nothing any more to end; what has gone has ended already. */
  private static final Duration TIME_TO_END = Duration.ofSeconds(30);

  /**
   * Of a leg that takes nothing any more; what has gone has left no more than a socket's buffer.
   */
  private static final long MOST_LAST_WORDS = 4L * 1024 * 1024;

  private final Channel peer;
  private final Leg leg;
  private boolean ending;
  private long lastWords;

  RelayHandler(Channel peer, Leg leg) {
    this.peer = requireNonNull(peer, "peer is null");
    this.leg = requireNonNull(leg, "leg is null");
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    leg.sent(bytes);
    lastWords += ending ? bytes.readableBytes() : 0;
    Channels.write(peer, bytes);
    if (lastWords > MOST_LAST_WORDS) {
      Channels.close(ctx);
    } else if (!peer.isWritable()) {
      hold(ctx.channel());
    }
  }

  /** Reads no more of a leg, unless it is ending: only at its end it can be closed. */
  private static void hold(Channel leg) {
    RelayHandler handler = leg.pipeline().get(RelayHandler.class);
    if (handler == null || !handler.ending) {
      leg.config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    peer.flush();
    leg.paused();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      peer.config().setAutoRead(true);
    } else {
      hold(peer);
    }
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
    if (cause instanceof ChannelOutputShutdownException) {
      // It is gone, and what it said before it went is still to be read.
      end(ctx.channel(), cause);
      return;
    }
    if (!ending) {
      leg.failed(cause);
    }
    Channels.close(ctx);
  }

  /** Once, though each write that was still to be done fails. */
  private void end(Channel channel, Throwable cause) {
    if (!ending) {
      ending = true;
      leg.failed(cause);
      channel.config().setAutoRead(true);
      Channels.closeAfter(channel, TIME_TO_END);
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
