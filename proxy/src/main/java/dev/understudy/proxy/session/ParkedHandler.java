package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client whose server was stopped while nobody asked it anything. It holds its socket and its
 * place among all sessions, and nothing of the environment; keep-alive finds out when it is dead.
 * Once it wants something it is told that its session is over.
 */
final class ParkedHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ParkedHandler.class);
  private static final byte TERMINATE = 'X';

  private final SessionRequest request;

  ParkedHandler(SessionRequest request) {
    this.request = requireNonNull(request, "request is null");
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    boolean leaves = !bytes.isReadable() || bytes.getByte(bytes.readerIndex()) == TERMINATE;
    bytes.release();
    if (leaves) {
      Channels.close(ctx);
    } else {
      Farewell.say(ctx.channel(), Refusals.serverWasStopped(request.environment()));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      Channels.close(ctx);
    } else if (event == ConnectionEvent.SHUTTING_DOWN) {
      Farewell.say(ctx.channel(), Refusals.shuttingDown());
    } else if (event == ConnectionEvent.KILLED) {
      Farewell.say(ctx.channel(), Refusals.killed());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    log.debug("{}: left while parked", request.client());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("{}: connection lost: {}", request.client(), cause.toString());
    Channels.close(ctx);
  }
}
