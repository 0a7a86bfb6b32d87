package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ClientAddress;
import dev.understudy.proxy.transport.ConnectionEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection from accept to authenticated: its place and its one deadline.
 *
 * <p>It is on the porch until it has said what it wants, and then, to {@linkplain #authenticate
 * authenticate}, waits unread for a place in the doorway. Phases hear {@link
 * ConnectionEvent#DEADLINE_EXPIRED} unless {@link #passed()} was called: at the latest after {@code
 * timeout}, and earlier if the place is wanted. As a handler it makes room for the first phase as
 * soon as the channel is active. Confined to the connection's event loop.
 */
public final class Arrival extends ChannelInboundHandlerAdapter {
  private final Entrance entrance;
  private final Duration timeout;
  private final Function<Arrival, ChannelHandler> firstPhase;
  private Porch.@Nullable Stay porch;
  private Doorway.@Nullable Visit visit;
  private @Nullable Future<?> deadline;
  private @Nullable Future<?> stay;
  private boolean silent = true;
  private boolean inLine;
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
    porch =
        entrance
            .porch()
            .enter(
                AddressGroup.of(ClientAddress.of(client)),
                () -> Channels.execute(client, () -> giveWay(client)));
    deadline = schedule(client, timeout, () -> expire(client));
    Channels.whenClosed(client, this::passed);
    ctx.pipeline().replace(this, null, firstPhase.apply(this));
    client.config().setAutoRead(true);
  }

  private static Future<?> schedule(Channel client, Duration delay, Runnable task) {
    return client.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** So many others have not said what they want either that whoever is quiet longest must go. */
  private void giveWay(Channel client) {
    if (passed || visit != null) {
      return;
    }
    if (silent) {
      passed();
      entrance.regrets().send(client);
    } else {
      // In the middle of a handshake there is no way to say why.
      expire(client);
    }
  }

  private void expire(Channel client) {
    if (passed) {
      return;
    }
    if (inLine) {
      passed();
      entrance.regrets().send(client);
    } else {
      client.pipeline().fireUserEventTriggered(ConnectionEvent.DEADLINE_EXPIRED);
    }
  }

  /** A phase has heard a whole message: whoever goes on does not stall. */
  public void heard(Channel client) {
    if (passed) {
      return;
    }
    silent = false;
    if (visit != null) {
      visit.begin();
      cancel(stay);
      stay = schedule(client, entrance.doorway().stay(), visit::giveWayIfWanted);
    } else if (porch != null) {
      porch.renew();
    }
  }

  /**
   * The client has said who it wants to be. Until there is a place for it nothing more is read.
   *
   * @param admitted called once there is one, on the event loop and not before this returns; not at
   *     all if the client is gone by then, or there is no room to wait
   */
  public void authenticate(Channel client, Runnable admitted) {
    requireNonNull(porch, "the channel is not active").end();
    client.config().setAutoRead(false);
    inLine = true;
    visit =
        entrance
            .doorway()
            .enter(
                AddressGroup.of(ClientAddress.of(client)),
                () -> Channels.execute(client, () -> admit(client, admitted)),
                () -> Channels.execute(client, () -> expire(client)));
    if (visit == null) {
      passed();
      entrance.regrets().send(client);
    }
  }

  private void admit(Channel client, Runnable admitted) {
    if (!passed) {
      inLine = false;
      heard(client);
      client.config().setAutoRead(true);
      admitted.run();
    }
  }

  /** The connection has said what it is for and may stay: frees the place, ends the deadline. */
  public void passed() {
    passed = true;
    if (porch != null) {
      porch.end();
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
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Channels.close(ctx);
  }
}
