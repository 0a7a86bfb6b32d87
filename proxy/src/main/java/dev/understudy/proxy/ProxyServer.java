package dev.understudy.proxy;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Listen;
import dev.understudy.config.ProxyProtocol;
import dev.understudy.config.Tls;
import dev.understudy.proxy.access.AccessRules;
import dev.understudy.proxy.authenticate.Authenticator;
import dev.understudy.proxy.authenticate.Credentials;
import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.cancel.CancelRequests;
import dev.understudy.proxy.client.Clients;
import dev.understudy.proxy.console.Console;
import dev.understudy.proxy.console.Consoles;
import dev.understudy.proxy.environment.Environments;
import dev.understudy.proxy.health.BufferMemory;
import dev.understudy.proxy.health.EventLoopHealth;
import dev.understudy.proxy.health.EventLoops;
import dev.understudy.proxy.listen.Arrival;
import dev.understudy.proxy.listen.Doorway;
import dev.understudy.proxy.listen.Entrance;
import dev.understudy.proxy.listen.Porch;
import dev.understudy.proxy.listen.ProxyHeaderHandler;
import dev.understudy.proxy.listen.Regrets;
import dev.understudy.proxy.listen.SessionLimit;
import dev.understudy.proxy.route.Names;
import dev.understudy.proxy.session.Sessions;
import dev.understudy.proxy.startup.Startups;
import dev.understudy.proxy.throttle.Throttle;
import dev.understudy.proxy.tls.CurrentTls;
import dev.understudy.proxy.tls.TlsException;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ConnectionEvent;
import dev.understudy.proxy.transport.ServerConnector;
import dev.understudy.proxy.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts clients, authenticates them, finds each its server and relays between them.
 *
 * <p>Nothing but the names and the credentials is asked for a client that has not authenticated.
 * All the work of one session is done on one event loop.
 */
public final class ProxyServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProxyServer.class);

  /** Few look into it at once; more would be a mistake. */
  private static final int CONSOLE_SESSIONS = 100;

  private static final Duration STATISTICS_PERIOD = Duration.ofMinutes(1);

  /** For those between transactions to be told of a hurried end. */
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final Supplier<Listen> listen;
  private final Clients entries;
  private final Transport transport;
  private final Entrance entrance;
  private final SessionLimit sessionLimit;
  private final CurrentTls tls = new CurrentTls();
  private final CancelRegistry cancelRegistry = new CancelRegistry();
  private final Startups startups;
  private final EventLoopGroup eventLoops;
  private final EventLoops loops;
  private final ChannelGroup listeners = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private volatile boolean leaving;
  private volatile boolean closing;
  private volatile boolean hurried;

  /**
   * A proxy that does not listen yet.
   *
   * @param listen as it is now; asked anew for every connection, but for host and port, which are
   *     those of the start, and TLS, of which {@link #useTls} tells
   * @param allowMd5 asked anew for every connection
   * @param names asked anew for every connection
   * @param console what the virtual database {@code understudy} can do
   * @param entries of nobody yet; each session is entered there
   */
  public ProxyServer(
      Supplier<Listen> listen,
      BooleanSupplier allowMd5,
      Supplier<Names> names,
      Credentials credentials,
      Environments environments,
      Console console,
      Clients entries) {
    this(
        listen,
        allowMd5,
        names,
        credentials,
        environments,
        console,
        entries,
        ProxyLimits.DEFAULT,
        Transport.best());
  }

  ProxyServer(
      Supplier<Listen> listen,
      BooleanSupplier allowMd5,
      Supplier<Names> names,
      Credentials credentials,
      Environments environments,
      Console console,
      Clients entries,
      ProxyLimits limits,
      Transport transport) {
    this.listen = requireNonNull(listen, "listen is null");
    this.entries = requireNonNull(entries, "entries is null");
    requireNonNull(limits, "limits is null");
    this.transport = requireNonNull(transport, "transport is null");
    this.entrance =
        new Entrance(
            new Porch(limits.arriving()),
            new Doorway(
                limits.unauthenticated(),
                limits.unauthenticatedPerAddress(),
                limits.waitingAtDoor(),
                limits.stay()),
            new Regrets(limits.turnedAwayAtDoor(), entries::refused));
    this.sessionLimit = new SessionLimit(() -> listen.get().maxConnections());
    ServerConnector connector = new ServerConnector(transport, limits.connectPatience());
    Sessions sessions =
        new Sessions(
            environments,
            connector,
            cancelRegistry,
            entries,
            sessionLimit,
            () -> listen.get().createTimeout(),
            limits.noticeAfter());
    CancelRequests cancelRequests =
        new CancelRequests(
            cancelRegistry,
            connector,
            limits.cancelRequests(),
            limits.cancelTimeout(),
            limits.cancelRate());
    Consoles consoles =
        new Consoles(console, cancelRegistry, entries, new SessionLimit(() -> CONSOLE_SESSIONS));
    this.startups =
        new Startups(
            tls,
            names,
            () -> new AccessRules(listen.get().admission().hba()),
            new Throttle(
                () -> listen.get().admission().throttled(), () -> listen.get().startupTimeout()),
            new Authenticator(credentials, allowMd5),
            sessions,
            consoles,
            cancelRequests,
            () -> leaving);
    this.eventLoops =
        new MultiThreadIoEventLoopGroup(
            0, new DefaultThreadFactory("proxy"), transport.ioHandlers());
    this.loops = new EventLoops(eventLoops);
  }

  /**
   * Begins to accept. Called at most once.
   *
   * @return the port that is bound
   * @throws TlsException if there is no certificate that can be used
   * @throws IOException if it cannot be bound; the message names host and port
   */
  public int start() throws IOException {
    Listen settings = listen.get();
    tls.use(settings.tls());
    var bound =
        transport
            .server()
            .group(eventLoops)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    accept(client);
                  }
                })
            .bind(settings.host(), settings.port())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on " + settings.host() + " port " + settings.port() + ": " + why(bound),
          bound.cause());
    }
    listeners.add(bound.channel());
    loops.begin();
    var _ =
        eventLoops.scheduleAtFixedRate(
            entries::turnPeriod,
            STATISTICS_PERIOD.toNanos(),
            STATISTICS_PERIOD.toNanos(),
            TimeUnit.NANOSECONDS);
    InetSocketAddress address = (InetSocketAddress) bound.channel().localAddress();
    log.debug("Listening on {} port {}", settings.host(), address.getPort());
    return address.getPort();
  }

  private static String why(Future<?> failed) {
    Throwable cause = requireNonNull(failed.cause(), "cause is null");
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }

  private void accept(Channel client) {
    clients.add(client);
    // Whoever is added after those in the group were told to end must not be overlooked.
    if (closing) {
      Channels.close(client);
      return;
    }
    Listen settings = listen.get();
    ProxyProtocol proxyProtocol = settings.proxyProtocol();
    client
        .pipeline()
        .addLast(
            proxyProtocol == null
                ? arrival(settings.startupTimeout())
                : new ProxyHeaderHandler(
                    proxyProtocol, entrance, settings.startupTimeout(), this::arrival));
  }

  private ChannelHandler arrival(Duration timeout) {
    return new Arrival(entrance, timeout, startups::firstPhase);
  }

  /** Sessions that count against {@code listen.max-connections}. */
  public int sessions() {
    return sessionLimit.inUse();
  }

  /** Connections that are being authenticated. */
  public int logins() {
    return entrance.doorway().inside();
  }

  /** How the event loops keep up, always in the same order. Cheap. */
  public List<EventLoopHealth> eventLoops() {
    return loops.health();
  }

  /** What the buffers of connections take. Cheap. */
  public BufferMemory bufferMemory() {
    return Transport.memory();
  }

  /** From now on nobody is let in any more (57P03); who is in may stay. */
  public void letNobodyIn() {
    leaving = true;
  }

  /** Waits until no session is left that counts against {@code listen.max-connections}. */
  public void awaitNoSessions() throws InterruptedException {
    boolean none = false;
    while (!none) {
      none = sessionLimit.awaitNone(STATISTICS_PERIOD);
    }
  }

  /** From now on {@link #close} waits no longer than a moment for sessions. */
  public void hurry() {
    hurried = true;
  }

  /** As {@link CurrentTls#use}. */
  public void useTls(@Nullable Tls settings) throws TlsException {
    tls.use(settings);
  }

  /**
   * Stops. Nobody is let in any more (57P03), each session ends at its next moment between
   * transactions (57P01), and whatever has not ended within the drain timeout without a word; only
   * then is the port given up, so that nobody is reset who was about to be told. An interrupt makes
   * an end of the wait. Idempotent; blocks.
   */
  @Override
  public void close() {
    drain();
    closing = true;
    listeners.close().awaitUninterruptibly();
    tls.close();
    clients.close().awaitUninterruptibly();
    Duration patience = Duration.ofSeconds(5);
    eventLoops
        .shutdownGracefully(0, patience.toNanos(), TimeUnit.NANOSECONDS)
        .awaitUninterruptibly();
  }

  private void drain() {
    leaving = true;
    clients.forEach(client ->
        client
            .eventLoop()
            .execute(
                () -> client.pipeline().fireUserEventTriggered(ConnectionEvent.SHUTTING_DOWN)));
    Duration usual = listen.get().drainTimeout();
    Duration timeout = hurried && usual.compareTo(MOMENT) > 0 ? MOMENT : usual;
    try {
      if (!sessionLimit.awaitNone(timeout)) {
        log.warn(
            "{} sessions are closed: they have not come between transactions within {}{} s",
            sessions(),
            hurried ? "" : "listen.drain-timeout, ",
            timeout.toSeconds());
      }
    } catch (InterruptedException e) {
      log.warn("{} sessions are closed at once", sessions());
      Thread.currentThread().interrupt();
    }
  }
}
