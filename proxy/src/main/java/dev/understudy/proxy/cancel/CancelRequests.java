package dev.understudy.proxy.cancel;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.proxy.listen.OccasionalWarning;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ClientAddress;
import dev.understudy.proxy.transport.ConnectionEvent;
import dev.understudy.proxy.transport.ServerConnector;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries cancel requests to the servers they are meant for.
 *
 * <ul>
 *   <li>A client learns nothing: known key or not, its connection just ends, a known one's when the
 *       server has closed its own, that is, when the signal was sent; or at once, where a wait for
 *       a server ends.
 *   <li>Requests have a budget of their own, so that a storm of them takes no session's place, and
 *       a deadline each.
 *   <li>A network may send so many in a time; what comes beyond is dropped.
 * </ul>
 */
public final class CancelRequests {
  private static final Logger log = LoggerFactory.getLogger(CancelRequests.class);

  private final OccasionalWarning dropped =
      new OccasionalWarning(log, "Dropped cancel requests, too many at once or from one network");
  private final CancelRegistry registry;
  private final ServerConnector connector;
  private final Semaphore budget;
  private final Duration timeout;
  private final CancelThrottle throttle;

  public CancelRequests(
      CancelRegistry registry,
      ServerConnector connector,
      int atOnce,
      Duration timeout,
      CancelRate rate) {
    this.registry = requireNonNull(registry, "registry is null");
    this.connector = requireNonNull(connector, "connector is null");
    this.budget = new Semaphore(atOnce);
    this.timeout = requireNonNull(timeout, "timeout is null");
    this.throttle = new CancelThrottle(requireNonNull(rate, "rate is null"));
  }

  /**
   * Takes over a client's connection, until it is closed. On the client's event loop.
   *
   * @param previous whose handler is replaced
   */
  public void forward(ChannelHandlerContext previous, CancelRequest request) {
    Channel client = previous.channel();
    previous.pipeline().replace(previous.handler(), null, new RequesterHandler());
    if (!throttle.allows(ClientAddress.of(client))) {
      dropped.happened();
      Channels.close(client);
      return;
    }
    Optional<CancelTarget> target = registry.find(request);
    if (target.isEmpty()) {
      log.debug("{}: cancel request with an unknown key", ClientAddress.of(client));
      Channels.close(client);
      return;
    }
    switch (target.get()) {
      case CancelTarget.Waiting(Runnable cancel) -> {
        cancel.run();
        Channels.close(client);
      }
      case CancelTarget.Server server -> forward(client, server);
    }
  }

  private void forward(Channel client, CancelTarget.Server target) {
    if (!budget.tryAcquire()) {
      dropped.happened();
      Channels.close(client);
      return;
    }
    Channels.whenClosed(client, budget::release);
    Future<Channel> server =
        connector.connect(
            client.eventLoop(), target.socket(), () -> new RequestSender(client, target));
    Channels.whenClosed(client, () -> close(server));
    Channels.closeAfter(client, timeout);
    Channels.whenDone(
        server,
        () -> {
          if (!server.isSuccess()) {
            Channels.close(client);
          }
        });
  }

  private static void close(Future<Channel> server) {
    if (!server.cancel(false) && server.isSuccess()) {
      Channels.close(server.getNow());
    }
  }

  /** The client's side: a requester has nothing more to say, but may leave. */
  private static final class RequesterHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == ConnectionEvent.SHUTTING_DOWN) {
        Channels.close(ctx);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      Channels.close(ctx);
    }
  }

  /** The server's side: sends the request and waits for the server to close. */
  private static final class RequestSender extends ChannelInboundHandlerAdapter {
    private final Channel client;
    private final CancelTarget.Server target;

    private RequestSender(Channel client, CancelTarget.Server target) {
      this.client = client;
      this.target = target;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      Channels.writeAndFlush(
          ctx.channel(), Channels.encode(ctx.channel(), target.request()::encode));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      Channels.close(client);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      Channels.close(ctx);
    }
  }
}
