package dev.understudy.proxy.transport;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Connects to the unix sockets of servers.
 *
 * <p>A unix socket whose backlog is full answers {@code EAGAIN} at once instead of making the
 * caller wait as TCP does; a burst of clients on a fresh server meets that. Such a connect is tried
 * again for a bounded time. Every other failure is final.
 */
public final class ServerConnector {
  private static final long RETRY_MILLIS = 10;

  private final Transport transport;
  private final Duration patience;

  public ServerConnector(Transport transport, Duration patience) {
    this.transport = requireNonNull(transport, "transport is null");
    this.patience = requireNonNull(patience, "patience is null");
  }

  /**
   * Connects on the event loop of the client.
   *
   * @param handler makes the first handler of the connection's pipeline, once per try
   * @return completes on {@code eventLoop}; cancelling it closes what it connects
   */
  public Future<Channel> connect(
      EventLoop eventLoop, Path socket, Supplier<? extends ChannelHandler> handler) {
    Promise<Channel> promise = eventLoop.newPromise();
    long giveUpAt = System.nanoTime() + patience.toNanos();
    attempt(eventLoop, socket, handler, promise, giveUpAt);
    return promise;
  }

  private void attempt(
      EventLoop eventLoop,
      Path socket,
      Supplier<? extends ChannelHandler> handler,
      Promise<Channel> promise,
      long giveUpAt) {
    if (promise.isDone()) {
      return;
    }
    ChannelFuture connected =
        transport.client(eventLoop).handler(handler.get()).connect(transport.unixSocket(socket));
    Channels.whenDone(
        connected,
        () -> {
          Throwable cause = connected.cause();
          if (cause == null) {
            if (!promise.trySuccess(connected.channel())) {
              Channels.close(connected.channel());
            }
          } else if (isBacklogFull(cause) && System.nanoTime() < giveUpAt) {
            var _ =
                eventLoop.schedule(
                    () -> attempt(eventLoop, socket, handler, promise, giveUpAt),
                    RETRY_MILLIS,
                    TimeUnit.MILLISECONDS);
          } else {
            promise.tryFailure(cause);
          }
        });
  }

  // Neither the JDK nor Netty has a type for it.
  private static boolean isBacklogFull(Throwable cause) {
    String message = cause.getMessage();
    return message != null && message.contains("Resource temporarily unavailable");
  }
}
