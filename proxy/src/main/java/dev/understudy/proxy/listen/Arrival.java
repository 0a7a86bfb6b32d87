package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ClientAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection from accept to authenticated: its place and its one deadline.
 *
 * <p>As a handler, waits on the porch for the first bytes and then, unread, for a place in the
 * doorway, where it makes room for the first phase, which gets what has come. Who sends a cancel
 * request and shuts the connection behind it keeps its turn. Any other client that leaves gives it
 * up. Later phases hear {@link ConnectionEvent#DEADLINE_EXPIRED} unless {@link #passed()} was
 * called; at the latest after {@code timeout}, and earlier if the place is wanted. Confined to the
 * connection's event loop.
 */
public final class Arrival extends ChannelInboundHandlerAdapter {
  private final Entrance entrance;
  private final Duration timeout;
  private final Function<Arrival, ChannelHandler> firstPhase;
  private final EarlyRequest early = new EarlyRequest();
  private Porch.@Nullable Stay silence;
  private Doorway.@Nullable Visit visit;
  private @Nullable Future<?> deadline;
  private @Nullable Future<?> stay;
  private boolean passed;

  public Arrival(
      Entrance entrance, Duration timeout, Function<Arrival, ChannelHandler> firstPhase) {
    this.entrance = requireNonNull(entrance, "entrance is null");
    this.timeout = requireNonNull(timeout, "timeout is null");
    this.firstPhase = requireNonNull(firstPhase, "firstPhase is null");
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Channel client = ctx.channel();
    silence =
        entrance
            .porch()
            .enter(
                AddressGroup.of(ClientAddress.of(client)),
                () -> Channels.execute(client, () -> giveWay(ctx)));
    deadline = schedule(client, timeout, () -> expire(client));
    Channels.whenClosed(client, this::passed);
    ctx.read();
  }

  private static Future<?> schedule(Channel client, Duration delay, Runnable task) {
    return client.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void enter(ChannelHandlerContext ctx) {
    Channel client = ctx.channel();
    visit =
        entrance
            .doorway()
            .enter(
                AddressGroup.of(ClientAddress.of(client)),
                () -> Channels.execute(client, () -> admit(ctx)),
                () -> Channels.execute(client, () -> expire(client)));
    if (visit == null) {
      passed();
      entrance.regrets().send(client);
    }
  }

  private void admit(ChannelHandlerContext ctx) {
    if (!ctx.isRemoved() && visit != null) {
      ChannelPipeline pipeline = ctx.pipeline();
      heard(ctx.channel());
      pipeline.replace(this, null, firstPhase.apply(this));
      early.replay(pipeline);
      ctx.channel().config().setAutoRead(true);
    }
  }

  /** So many others have said nothing either that the oldest must go. */
  private void giveWay(ChannelHandlerContext ctx) {
    if (!ctx.isRemoved() && visit == null) {
      passed();
      entrance.regrets().send(ctx.channel());
    }
  }

  private void expire(Channel client) {
    if (!passed) {
      client.pipeline().fireUserEventTriggered(ConnectionEvent.DEADLINE_EXPIRED);
    }
  }

  /** A phase has heard a whole message: whoever goes on does not stall. */
  public void heard(Channel client) {
    if (visit != null && !passed) {
      visit.begin();
      cancel(stay);
      stay = schedule(client, entrance.doorway().stay(), visit::giveWayIfWanted);
    }
  }

  /** The connection has said what it is for and may stay: frees the place, ends the deadline. */
  public void passed() {
    passed = true;
    if (silence != null) {
      silence.end();
    }
    if (visit != null) {
      visit.leave();
    }
    cancel(deadline);
    cancel(stay);
  }

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!early.add((ByteBuf) message)) {
      Channels.close(ctx);
    } else if (silence != null) {
      silence.end();
      silence = null;
      enter(ctx);
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
      // Who has said nothing is not told anything either.
      case ConnectionEvent.DEADLINE_EXPIRED -> {
        if (visit == null) {
          Channels.close(ctx);
        } else {
          passed();
          entrance.regrets().send(ctx.channel());
        }
      }
      default -> {}
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Channels.close(ctx);
  }
}
