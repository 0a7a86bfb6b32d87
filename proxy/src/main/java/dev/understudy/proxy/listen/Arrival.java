package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.transport.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection from accept to authenticated: its place in the doorway and its one deadline.
 *
 * <p>As a handler, waits unread for the place and then makes room for the first phase. Who sends a
 * cancel request and shuts the connection behind it keeps its turn: what came meanwhile is handed
 * to the first phase. Any other client that leaves gives up its turn. Later phases hear {@link
 * ConnectionEvent#DEADLINE_EXPIRED} unless {@link #passed()} was called. Confined to the
 * connection's event loop.
 */
public final class Arrival extends ChannelInboundHandlerAdapter {
  private final Doorway doorway;
  private final Regrets regrets;
  private final Duration timeout;
  private final Function<Arrival, ChannelHandler> firstPhase;
  private final EarlyRequest early = new EarlyRequest();
  private Doorway.@Nullable Visit visit;
  private @Nullable Future<?> deadline;

  public Arrival(
      Doorway doorway,
      Regrets regrets,
      Duration timeout,
      Function<Arrival, ChannelHandler> firstPhase) {
    this.doorway = requireNonNull(doorway, "doorway is null");
    this.regrets = requireNonNull(regrets, "regrets is null");
    this.timeout = requireNonNull(timeout, "timeout is null");
    this.firstPhase = requireNonNull(firstPhase, "firstPhase is null");
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Channel client = ctx.channel();
    SocketAddress address = client.remoteAddress();
    visit =
        doorway.enter(AddressGroup.of(address), () -> Channels.execute(client, () -> admit(ctx)));
    if (visit == null) {
      regrets.send(client);
      return;
    }
    deadline =
        ctx.executor()
            .schedule(
                () -> client.pipeline().fireUserEventTriggered(ConnectionEvent.DEADLINE_EXPIRED),
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
    Channels.whenClosed(client, this::passed);
  }

  private void admit(ChannelHandlerContext ctx) {
    if (!ctx.isRemoved()) {
      ChannelPipeline pipeline = ctx.pipeline();
      pipeline.replace(this, null, firstPhase.apply(this));
      early.replay(pipeline);
      ctx.channel().config().setAutoRead(true);
    }
  }

  /** The connection has said what it is for and may stay: frees the place, ends the deadline. */
  public void passed() {
    if (visit != null) {
      visit.leave();
    }
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!early.add((ByteBuf) message)) {
      Channels.close(ctx);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case ChannelInputShutdownEvent _ -> {
        if (!early.end()) {
          Channels.close(ctx);
        }
      }
      case ConnectionEvent.DEADLINE_EXPIRED -> {
        passed();
        regrets.send(ctx.channel());
      }
      default -> {}
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Channels.close(ctx);
  }
}
