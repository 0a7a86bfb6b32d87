package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client and its server, talking. Lease and cancel key hang on the server's channel: they are
 * given back when that closes. Confined to the event loop of both channels.
 */
final class Session {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /**
   * For how long a server that seems to have said all it has to say must say no more. A row may
   * hold the very bytes of a {@code ReadyForQuery}, but its rest does not wait: the server has it
   * ready, and we read.
   */
  private static final long SETTLED_MILLIS = 200;

  private final SessionRequest request;
  private final Lease lease;
  private final Channel client;
  private final Channel server;
  private final long startNanos = System.nanoTime();
  private final UseWatch use;
  private final ServerTail serverTail = new ServerTail();

  private boolean serverSpokeLast = true;
  private boolean draining;
  private boolean settling;

  private long bytesFromClient;
  private long bytesFromServer;

  Session(SessionRequest request, Lease lease, Channel client, Channel server) {
    this.request = requireNonNull(request, "request is null");
    this.lease = requireNonNull(lease, "lease is null");
    this.client = requireNonNull(client, "client is null");
    this.server = requireNonNull(server, "server is null");
    this.use = new UseWatch(lease::clientActivity);
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
            whenSettled(
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
        use.sent(bytes, serverSpokeLast && serverTail.isReadyAndIdle());
        serverSpokeLast = false;
        bytesFromClient += bytes.readableBytes();
      }

      @Override
      public void writable() {
        if (draining) {
          endWhenBetweenTransactions();
        }
      }

      @Override
      public void drain() {
        draining = true;
        endWhenBetweenTransactions();
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
        serverSpokeLast = true;
        bytesFromServer += bytes.readableBytes();
        serverTail.append(bytes);
      }

      @Override
      public void writable() {
        if (settling) {
          client.config().setAutoRead(false);
        }
      }

      @Override
      public void paused() {
        use.answered(serverTail);
        if (draining) {
          endWhenBetweenTransactions();
        }
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

  /** A client that does not take what it is sent may be in the middle of a row. */
  private boolean isBetweenTransactions() {
    return serverSpokeLast
        && serverTail.isReadyAndIdle()
        && client.isActive()
        && server.config().isAutoRead();
  }

  /** Does one of the two: at once, or when the server has been quiet for a moment. */
  private void whenSettled(Runnable ifBetweenTransactions, Runnable otherwise) {
    if (!isBetweenTransactions()) {
      otherwise.run();
      return;
    }
    long in = bytesFromClient;
    long out = bytesFromServer;
    var _ =
        client
            .eventLoop()
            .schedule(
                () -> {
                  boolean quiet = bytesFromClient == in && bytesFromServer == out;
                  (quiet && isBetweenTransactions() ? ifBetweenTransactions : otherwise).run();
                },
                SETTLED_MILLIS,
                TimeUnit.MILLISECONDS);
  }

  /**
   * While it is found out whether the server has really said all, what the client asks next stays
   * unread: one that asks without a pause would never come to its end.
   */
  private void endWhenBetweenTransactions() {
    if (settling || !isBetweenTransactions()) {
      return;
    }
    settling = true;
    client.config().setAutoRead(false);
    whenSettled(
        () -> {
          Channels.close(server);
          Farewell.say(client, Refusals.shuttingDown());
        },
        () -> {
          settling = false;
          if (server.isActive()) {
            client.config().setAutoRead(server.isWritable());
            endWhenBetweenTransactions();
          }
        });
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
        bytesFromClient,
        bytesFromServer);
  }
}
