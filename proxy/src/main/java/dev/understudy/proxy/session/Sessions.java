package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.environment.Environments;
import dev.understudy.proxy.listen.SessionLimit;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ServerConnector;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The door to everything behind authentication.
 *
 * @param limit of sessions, all environments together
 * @param createTimeout from AuthenticationOk to the server's first ReadyForQuery, for who begins
 *     now
 * @param noticeAfter when a client that still waits is told why
 */
public record Sessions(
    Environments environments,
    ServerConnector connector,
    CancelRegistry cancelRegistry,
    SessionLimit limit,
    Supplier<Duration> createTimeout,
    Duration noticeAfter) {
  public Sessions {
    requireNonNull(environments, "environments is null");
    requireNonNull(connector, "connector is null");
    requireNonNull(cancelRegistry, "cancelRegistry is null");
    requireNonNull(limit, "limit is null");
    requireNonNull(createTimeout, "createTimeout is null");
    requireNonNull(noticeAfter, "noticeAfter is null");
  }

  /**
   * Takes over a client that has been told AuthenticationOk. On its event loop.
   *
   * @param previous whose handler is replaced
   */
  public void begin(ChannelHandlerContext previous, SessionRequest request) {
    if (limit.tryAcquire()) {
      Channels.whenClosed(previous.channel(), limit::release);
      WaitingHandler.replace(previous, request, this);
    } else {
      Farewell.say(previous.channel(), Refusals.tooManySessions(limit.max()));
    }
  }
}
