package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client and its server, talking. Lease and cancel key hang on the server's channel: they are
 * given back when that closes. Confined to the event loop of both channels.
 */
final class Session {
  private static final Logger log = LoggerFactory.getLogger(Session.class);
  private static final long ACTIVITY_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SessionRequest request;
  private final Lease lease;
  private final Channel client;
  private final Channel server;
  private final long startNanos = System.nanoTime();
  private final ServerTail serverTail = new ServerTail();

  private boolean serverSpokeLast = true;
  private boolean draining;
  private long lastActivityNanos = startNanos - ACTIVITY_INTERVAL_NANOS;
  private long bytesFromClient;
  private long bytesFromServer;

  Session(SessionRequest request, Lease lease, Channel client, Channel server) {
    this.request = requireNonNull(request, "request is null");
    this.lease = requireNonNull(lease, "lease is null");
    this.client = requireNonNull(client, "client is null");
    this.server = requireNonNull(server, "server is null");
    Channels.whenClosed(server, this::logEnd);
    log.info(
        "{}: \"{}\" in environment \"{}\", database \"{}\"",
        request.client(),
        request.login(),
        request.environment(),
        request.database());
  }

  RelayHandler.Leg clientLeg() {
    return new RelayHandler.Leg() {
      @Override
      public void sent(ByteBuf bytes) {
        serverSpokeLast = false;
        bytesFromClient += bytes.readableBytes();
        tellActivity();
      }

      @Override
      public void drain() {
        draining = true;
        endIfBetweenTransactions();
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
      public void paused() {
        if (draining) {
          endIfBetweenTransactions();
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

  private void tellActivity() {
    long now = System.nanoTime();
    if (now - lastActivityNanos >= ACTIVITY_INTERVAL_NANOS) {
      lastActivityNanos = now;
      lease.clientActivity();
    }
  }

  private void endIfBetweenTransactions() {
    if (serverSpokeLast && serverTail.isReadyAndIdle() && client.isActive()) {
      Channels.close(server);
      Farewell.say(client, Refusals.shuttingDown());
    }
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
