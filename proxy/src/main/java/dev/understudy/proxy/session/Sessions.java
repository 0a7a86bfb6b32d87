package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.client.Client;
import dev.understudy.proxy.client.ClientDescription;
import dev.understudy.proxy.client.Clients;
import dev.understudy.proxy.environment.Environments;
import dev.understudy.proxy.listen.SessionLimit;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ConnectionEvent;
import dev.understudy.proxy.transport.ServerConnector;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door to everything behind authentication.
 *
 * @param clients where each session is entered
 * @param limit of sessions, all environments together
 * @param createTimeout from AuthenticationOk to the server's first ReadyForQuery, for who begins
 *     now
 * @param noticeAfter when a client that still waits is told why
 */
public record Sessions(
    Environments environments,
    ServerConnector connector,
    CancelRegistry cancelRegistry,
    Clients clients,
    SessionLimit limit,
    Supplier<Duration> createTimeout,
    Duration noticeAfter) {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  public Sessions {
    requireNonNull(environments, "environments is null");
    requireNonNull(connector, "connector is null");
    requireNonNull(cancelRegistry, "cancelRegistry is null");
    requireNonNull(clients, "clients is null");
    requireNonNull(limit, "limit is null");
    requireNonNull(createTimeout, "createTimeout is null");
    requireNonNull(noticeAfter, "noticeAfter is null");
  }

  /**
   * Takes over a client that has been told AuthenticationOk. On its event loop.
   *
   * @param previous whose handler is replaced
   * @param description for those who look on
   */
  public void begin(
      ChannelHandlerContext previous, SessionRequest request, ClientDescription description) {
    Channel channel = previous.channel();
    if (limit.tryAcquire()) {
      Channels.whenClosed(channel, limit::release);
      Client entry = clients.begin(description, () -> kill(channel, request));
      Channels.whenClosed(channel, entry::ended);
      WaitingHandler.replace(previous, request, entry, this);
    } else {
      ErrorResponse refusal = Refusals.tooManySessions(limit.max());
      clients.refused(refusal);
      Farewell.say(channel, refusal);
    }
  }

  private static void kill(Channel client, SessionRequest request) {
    log.info("{}: \"{}\" is to end: an administrator wants it", request.client(), request.login());
    ConnectionEvent.KILLED.tell(client);
  }
}
