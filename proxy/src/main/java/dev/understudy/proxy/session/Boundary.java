package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.client.Traffic;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Whether a session is at a point where it can end: its server has said all that it had to say.
 * Confined to the event loop of both channels.
 */
final class Boundary {
  /**
   * For how long a server that seems to have said all it has to say must say no more. A row may
   * hold the very bytes of a {@code ReadyForQuery}, but its rest does not wait: the server has it
   * ready, and we read.
   */
  private static final long SETTLED_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** In which the event loop reads what has already arrived. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Channel client;
  private final Channel server;
  private final Traffic traffic;
  private final ServerTail serverTail = new ServerTail();
  private boolean serverSpokeLast = true;
  private long unsettledAt;

  /**
   * @param traffic of the session, which counts all that passes
   */
  Boundary(Channel client, Channel server, Traffic traffic) {
    this.client = requireNonNull(client, "client is null");
    this.server = requireNonNull(server, "server is null");
    this.traffic = requireNonNull(traffic, "traffic is null");
    this.unsettledAt = now();
  }

  void clientSpoke() {
    unsettledAt = now();
    serverSpokeLast = false;
    serverTail.clientSpoke();
  }

  /** Does not move the buffer's indices. */
  void serverSpoke(ByteBuf bytes) {
    unsettledAt = now();
    serverSpokeLast = true;
    serverTail.append(bytes);
  }

  /** What the server has said may be read again, where it was not for a while. */
  void clientTakesMore() {
    unsettledAt = now();
  }

  ServerTail serverTail() {
    return serverTail;
  }

  /** The server waits for the client, in no transaction, as far as can be seen. */
  boolean isQuiet() {
    return serverSpokeLast && serverTail.isReadyAndIdle();
  }

  boolean isBetweenTransactions() {
    return serverTail.isReadyAndIdle() && isBetweenAnswers();
  }

  /**
   * In a transaction, too. A client that does not take what it is sent may be in a row's middle.
   */
  boolean isBetweenAnswers() {
    return serverSpokeLast
        && serverTail.isReady()
        && client.isActive()
        && server.config().isAutoRead();
  }

  /**
   * Does one of the two: at once, or as soon as neither has said anything for a moment.
   *
   * @param wanted one of those above
   */
  void whenSettled(BooleanSupplier wanted, Runnable ifSo, Runnable otherwise) {
    if (!wanted.getAsBoolean()) {
      otherwise.run();
      return;
    }
    long in = traffic.received();
    long out = traffic.sent();
    long left = unsettledAt + SETTLED_NANOS - now();
    var _ =
        client
            .eventLoop()
            .schedule(
                () -> {
                  boolean quiet = traffic.received() == in && traffic.sent() == out;
                  (quiet && wanted.getAsBoolean() ? ifSo : otherwise).run();
                },
                Math.max(left, LOOK_NANOS),
                TimeUnit.NANOSECONDS);
  }

  private long now() {
    return client.eventLoop().ticker().nanoTime();
  }
}
