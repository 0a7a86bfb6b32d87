package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.client.Client;
import dev.understudy.proxy.client.Traffic;
import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client and its server, talking. Lease and cancel key hang on the server's channel: they are
 * given back when that closes. Confined to the event loop of both channels.
 */
final class Session {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** For a statement that was cancelled to end; after that the sockets are closed. */
  private static final Duration TIME_TO_CANCEL = Duration.ofSeconds(2);

  /** For a client that is told of its end to take it. */
  private static final Duration TIME_TO_HEAR = Duration.ofSeconds(5);

  private final SessionRequest request;
  private final Client entry;
  private final Traffic traffic;
  private final Lease lease;
  private final Channel client;
  private final Channel server;
  private final Runnable cancelStatement;
  private final long startNanos = System.nanoTime();
  private final UseWatch use;
  private final Boundary boundary;
  private boolean settling;

  /** What the session waits for; null: nothing. */
  private @Nullable Ending ending;

  /**
   * How a session is to end.
   *
   * @param why the client is told
   * @param inTransactions too, and not only between them
   */
  private record Ending(ErrorResponse why, boolean inTransactions) {}

  /**
   * @param entry that is told of all
   * @param cancelStatement cancels what the server does for the session
   */
  Session(
      SessionRequest request,
      Client entry,
      Lease lease,
      Channel client,
      Channel server,
      Runnable cancelStatement) {
    this.request = requireNonNull(request, "request is null");
    this.entry = requireNonNull(entry, "entry is null");
    this.traffic = entry.traffic();
    this.lease = requireNonNull(lease, "lease is null");
    this.client = requireNonNull(client, "client is null");
    this.server = requireNonNull(server, "server is null");
    this.cancelStatement = requireNonNull(cancelStatement, "cancelStatement is null");
    this.use = new UseWatch(lease::clientActivity);
    this.boundary = new Boundary(client, server, traffic);
    Channels.whenClosed(server, this::logEnd);
    log.info(
        "{}: \"{}\" in environment \"{}\", database \"{}\"",
        request.client(),
        request.login(),
        request.environment(),
        request.database());
  }

  /** Called once, when both legs are relays. */
  void begin() {
    lease.whenStopping(this::letGo);
  }

  private CompletableFuture<Void> letGo() {
    CompletableFuture<Void> decided = new CompletableFuture<>();
    Channels.execute(
        client,
        () ->
            boundary.whenSettled(
                boundary::isBetweenTransactions,
                () -> {
                  park();
                  decided.complete(null);
                },
                () -> decided.complete(null)));
    return decided;
  }

  RelayHandler.Leg clientLeg() {
    return new RelayHandler.Leg() {
      @Override
      public void sent(ByteBuf bytes) {
        long now = System.nanoTime();
        use.sent(bytes, boundary.isQuiet(), now);
        boundary.clientSpoke();
        traffic.received(bytes.readableBytes(), now);
      }

      @Override
      public void writable() {
        boundary.clientTakesMore();
        endIfItIsTime();
      }

      @Override
      public void drain() {
        if (ending == null) {
          ending = new Ending(Refusals.shuttingDown(), false);
        }
        endIfItIsTime();
      }

      @Override
      public void kill() {
        ending = new Ending(Refusals.killed(), true);
        endIfItIsTime();
        if (!settling) {
          cancelStatement.run();
        }
        Channels.closeAfter(server, TIME_TO_CANCEL);
        Channels.closeAfter(client, TIME_TO_HEAR);
      }

      @Override
      public void gone() {
        // Nobody is left to read answers; waiting for a server that is blocked on them would not
        // end.
        Channels.close(server);
      }

      @Override
      public void failed(Throwable cause) {
        log.debug("{}: connection lost: {}", request.client(), cause.toString());
      }
    };
  }

  RelayHandler.Leg serverLeg() {
    return new RelayHandler.Leg() {
      @Override
      public void sent(ByteBuf bytes) {
        traffic.sent(bytes.readableBytes());
        boundary.serverSpoke(bytes);
      }

      @Override
      public void writable() {
        if (settling) {
          client.config().setAutoRead(false);
        }
      }

      @Override
      public void paused() {
        use.answered(boundary.serverTail());
        traffic.quiet(boundary.isQuiet());
        endIfItIsTime();
      }

      @Override
      public void gone() {
        Farewell.end(client);
      }

      @Override
      public void failed(Throwable cause) {
        log.warn(
            "{}: lost the server of environment \"{}\": {}",
            request.client(),
            request.environment(),
            cause.toString());
      }
    };
  }

  /**
   * While it is found out whether the server has really said all, what the client asks next stays
   * unread: one that asks without a pause would never come to its end.
   */
  private void endIfItIsTime() {
    Ending wanted = ending;
    if (wanted == null || settling || !isTimeFor(wanted)) {
      return;
    }
    settling = true;
    client.config().setAutoRead(false);
    boundary.whenSettled(
        () -> isTimeFor(wanted),
        () -> {
          Channels.close(server);
          Farewell.say(client, wanted.why());
        },
        () -> {
          settling = false;
          if (server.isActive()) {
            client.config().setAutoRead(server.isWritable());
            endIfItIsTime();
          }
        });
  }

  private boolean isTimeFor(Ending wanted) {
    return wanted.inTransactions() ? boundary.isBetweenAnswers() : boundary.isBetweenTransactions();
  }

  private void park() {
    if (!server.isActive() || hasLeft()) {
      return;
    }
    log.info(
        "{}: \"{}\" is parked: the server of environment \"{}\" stops",
        request.client(),
        request.login(),
        request.environment());
    server.pipeline().remove(RelayHandler.class);
    client.pipeline().replace(RelayHandler.class, null, new ParkedHandler(request));
    entry.parked();
    Channels.close(server);
    client.config().setAutoRead(true);
  }

  private boolean hasLeft() {
    return client instanceof DuplexChannel duplex && duplex.isInputShutdown();
  }

  private void logEnd() {
    log.info(
        "{}: \"{}\" left environment \"{}\" after {} s, {} bytes in, {} bytes out",
        request.client(),
        request.login(),
        request.environment(),
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos),
        traffic.received(),
        traffic.sent());
  }
}
