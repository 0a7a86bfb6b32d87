package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.transport.Channels;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection from accept to authenticated: its place in the doorway and its one deadline.
 *
 * <p>As a handler, waits unread for the place and then makes room for the first phase. Later phases
 * hear {@link ConnectionEvent#DEADLINE_EXPIRED} unless {@link #passed()} was called. Confined to
 * the connection's event loop.
 */
public final class Arrival extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Arrival.class);

  private static final OccasionalWarning TURNED_AWAY =
      new OccasionalWarning(
          log, "Turned clients away, too many have connected and not authenticated");

  private final Doorway doorway;
  private final Duration timeout;
  private final Function<Arrival, ChannelHandler> firstPhase;
  private Doorway.@Nullable Visit visit;
  private @Nullable Future<?> deadline;

  public Arrival(Doorway doorway, Duration timeout, Function<Arrival, ChannelHandler> firstPhase) {
    this.doorway = requireNonNull(doorway, "doorway is null");
    this.timeout = requireNonNull(timeout, "timeout is null");
    this.firstPhase = requireNonNull(firstPhase, "firstPhase is null");
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Channel client = ctx.channel();
    SocketAddress address = client.remoteAddress();
    visit = doorway.enter(AddressGroup.of(address), () -> execute(ctx, () -> admit(ctx)));
    if (visit == null) {
      TURNED_AWAY.happened();
      Channels.close(ctx);
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

  private static void execute(ChannelHandlerContext ctx, Runnable task) {
    try {
      ctx.executor().execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("Stopped before a connection was let in", e);
    }
  }

  private void admit(ChannelHandlerContext ctx) {
    if (!ctx.isRemoved()) {
      ctx.pipeline().replace(this, null, firstPhase.apply(this));
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
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    Channels.close(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Channels.close(ctx);
  }
}
