package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.cancel.CancelTarget;
import dev.understudy.proxy.cancel.ServerCancel;
import dev.understudy.proxy.client.Client;
import dev.understudy.proxy.environment.ConnectTimings;
import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's side from AuthenticationOk until its server is ready.
 *
 * <ul>
 *   <li>The client is read all the time, so that one that leaves is noticed at once; what it sends
 *       early is kept for its server, within bounds.
 *   <li>The client hears at most one notice, and always the end: an error, or its server.
 *   <li>The wait is bounded by one deadline that covers all of it.
 * </ul>
 */
final class WaitingHandler extends ChannelInboundHandlerAdapter implements ServerStartup.Listener {
  private static final Logger log = LoggerFactory.getLogger(WaitingHandler.class);

  private final SessionRequest request;
  private final Client entry;
  private final Sessions sessions;
  private final Channel client;
  private final EarlyBytes early = new EarlyBytes();
  private final CancelRegistry.Registration cancelKey;
  private final Duration timeout;
  private final WaitingTimers timers;
  private final Patience patience = new Patience();
  private WaitingState state;
  private long leasedNanos;

  /**
   * Asks for the environment and lets its client wait.
   *
   * @param previous whose handler is replaced; bytes that it has read already go to the replacement
   */
  static void replace(
      ChannelHandlerContext previous, SessionRequest request, Client entry, Sessions sessions) {
    WaitingHandler handler = new WaitingHandler(request, entry, sessions, previous.channel());
    previous.pipeline().replace(previous.handler(), null, handler);
  }

  private WaitingHandler(SessionRequest request, Client entry, Sessions sessions, Channel client) {
    this.request = requireNonNull(request, "request is null");
    this.entry = requireNonNull(entry, "entry is null");
    this.sessions = requireNonNull(sessions, "sessions is null");
    this.client = requireNonNull(client, "client is null");
    this.timeout = sessions.createTimeout().get();
    this.timers =
        new WaitingTimers(
            client.eventLoop(), sessions.noticeAfter(), this::sendNotice, timeout, this::giveUp);
    this.cancelKey =
        sessions
            .cancelRegistry()
            .register(() -> Channels.execute(client, this::cancel), request.cancelKeyLength());
    this.state = open();
  }

  private WaitingState.Opening open() {
    return new WaitingState.Opening(
        Opening.begin(request, sessions, client.eventLoop(), this::opened));
  }

  /** The key comes before there is a server, so that the wait for one can be cancelled too. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Channels.whenClosed(client, cancelKey::remove);
    Channels.writeAndFlush(client, Channels.encode(client, cancelKey.clientKey()::encode));
  }

  private void opened(@Nullable Lease lease, @Nullable Throwable failure) {
    if (!(state instanceof WaitingState.Opening)) {
      if (lease != null) {
        lease.close();
      }
    } else if (lease == null) {
      refuse(OpeningFailure.report(request, failure));
    } else {
      try {
        connect(lease);
      } catch (RuntimeException e) {
        lease.close();
        refuse(OpeningFailure.report(request, e));
      }
    }
  }

  private void connect(Lease lease) {
    leasedNanos = System.nanoTime();
    Future<Channel> server =
        sessions
            .connector()
            .connect(
                client.eventLoop(),
                lease.socket(),
                () ->
                    new ServerStartup(
                        request.startupMessage(lease.settings()),
                        lease.socket(),
                        cancelKey,
                        client,
                        this));
    state = new WaitingState.Connecting(lease, server);
    Channels.whenDone(server, () -> connected(lease, server));
  }

  private void connected(Lease lease, Future<Channel> server) {
    if (!(state instanceof WaitingState.Connecting)) {
      return;
    }
    if (server.isSuccess()) {
      Channel channel = server.getNow();
      Channels.whenClosed(channel, () -> giveBack(lease));
      state = new WaitingState.StartingUp(lease, channel);
    } else if (patience.forgives()) {
      pause();
    } else {
      log.warn(
          "{}: cannot connect to the server of environment \"{}\": {}",
          request.client(),
          request.environment(),
          String.valueOf(server.cause()));
      refuse(
          Refusals.serverFailed(request.environment(), "Its socket does not accept connections."));
    }
  }

  /** In this order: whoever sees the lease of a session gone can rely on the key. */
  private void giveBack(Lease lease) {
    if (state instanceof WaitingState.Over) {
      cancelKey.remove();
    }
    lease.close();
  }

  /** Both legs become relays; what either side sent early comes first. */
  @Override
  public void ready(ChannelHandlerContext server, ByteBuf readyForQuery) {
    if (!(state instanceof WaitingState.StartingUp(Lease lease, Channel serverChannel))) {
      readyForQuery.release();
      Channels.close(server);
      return;
    }
    state = new WaitingState.Over();
    timers.cancel();
    Notices.write(client, lease.notices());
    link(lease);
    Session session =
        new Session(request, entry, lease, client, serverChannel, this::cancelStatement);
    server
        .pipeline()
        .replace(server.handler(), null, new RelayHandler(client, session.serverLeg()));
    RelayHandler clientRelay = new RelayHandler(serverChannel, session.clientLeg());
    client.pipeline().replace(this, null, clientRelay);
    ChannelHandlerContext clientContext = client.pipeline().context(clientRelay);
    client.config().setAutoRead(true);
    serverChannel.config().setAutoRead(true);
    serverChannel.pipeline().fireChannelRead(readyForQuery);
    serverChannel.pipeline().fireChannelReadComplete();
    // Not through the pipeline: what is early has been decrypted already.
    early.drainTo(bytes -> clientRelay.channelRead(clientContext, bytes));
    clientRelay.channelReadComplete(clientContext);
    session.begin();
  }

  private void link(Lease lease) {
    int pid = cancelKey.target() instanceof CancelTarget.Server server ? server.request().pid() : 0;
    entry.linked(lease.socket(), pid);
    lease.connected(
        new ConnectTimings(
            request.authentication(), Duration.ofNanos(System.nanoTime() - leasedNanos)));
  }

  private void cancelStatement() {
    if (cancelKey.target() instanceof CancelTarget.Server target) {
      ServerCancel.send(sessions.connector(), client.eventLoop(), target);
    }
  }

  @Override
  public void refused() {
    over();
    Farewell.end(client);
  }

  /** The environment is asked again, too: it may have heard by then that the server has ended. */
  @Override
  public void notYet() {
    if (state instanceof WaitingState.Over) {
      return;
    }
    if (patience.isNew()) {
      log.info(
          "{}: \"{}\" waits, as the server of environment \"{}\" lets nobody in for now",
          request.client(),
          request.login(),
          request.environment());
    }
    pause();
  }

  private void pause() {
    cancelKey.lose();
    state.abandon();
    state =
        new WaitingState.Pausing(
            client
                .eventLoop()
                .schedule(() -> state = open(), patience.nextPauseMillis(), TimeUnit.MILLISECONDS));
  }

  /** Also hears of the end that a client which leaves, or a refusal, has put to the server. */
  @Override
  public void closed() {
    if (state instanceof WaitingState.Over) {
      return;
    }
    // The crash of one of its sessions ends all of them.
    if (patience.forgives()) {
      pause();
    } else {
      failed("It closed the connection during startup.");
    }
  }

  @Override
  public void noProcess(String said) {
    if (!(state instanceof WaitingState.Over)) {
      log.warn("{}: environment \"{}\": {}", request.client(), request.environment(), said);
      refuse(Refusals.noProcess(request.environment(), said));
    }
  }

  @Override
  public void failed(String detail) {
    if (state instanceof WaitingState.Over) {
      return;
    }
    log.warn(
        "{}: the server of environment \"{}\" failed during startup: {}",
        request.client(),
        request.environment(),
        detail);
    refuse(Refusals.serverFailed(request.environment(), detail));
  }

  private void sendNotice() {
    if (state instanceof WaitingState.Opening) {
      Notices.sendStillMade(client, request.environment());
    }
  }

  private void cancel() {
    if (!(state instanceof WaitingState.Over)) {
      log.info(
          "{}: \"{}\" gave up waiting for environment \"{}\"",
          request.client(),
          request.login(),
          request.environment());
      refuse(Refusals.waitCancelled(request.environment()));
    }
  }

  private void giveUp() {
    refuse(
        state instanceof WaitingState.Opening
            ? Refusals.stillBeingMade(request.environment(), timeout)
            : Refusals.stillStarting(request.environment(), timeout));
  }

  private void refuse(ErrorResponse refusal) {
    over();
    Farewell.say(client, refusal);
  }

  /** Nothing is held any more; whatever still comes in from the other side is not for us. */
  private void over() {
    WaitingState last = state;
    state = new WaitingState.Over();
    timers.cancel();
    cancelKey.remove();
    early.release();
    last.abandon();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    early.add((ByteBuf) message);
    if (early.startsWithTerminate()) {
      Channels.close(ctx);
    } else if (early.isEnough()) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  /** The server was held back while the client did not take what it was sent. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (state instanceof WaitingState.StartingUp startingUp) {
      startingUp.server().config().setAutoRead(ctx.channel().isWritable());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      Channels.close(ctx);
    } else if (event == ConnectionEvent.SHUTTING_DOWN) {
      refuse(Refusals.shuttingDown());
    } else if (event == ConnectionEvent.KILLED) {
      refuse(Refusals.killed());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    log.info(
        "{}: \"{}\" left while waiting for environment \"{}\"",
        request.client(),
        request.login(),
        request.environment());
    over();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("{}: connection lost", request.client(), cause);
    Channels.close(ctx);
  }
}
