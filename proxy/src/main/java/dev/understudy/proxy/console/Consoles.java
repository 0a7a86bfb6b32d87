package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.client.Client;
import dev.understudy.proxy.client.ClientDescription;
import dev.understudy.proxy.client.Clients;
import dev.understudy.proxy.listen.SessionLimit;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ConnectionEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;

/**
 * The door to the console.
 *
 * @param clients where each session is entered
 * @param limit of its sessions: their own, so that it can be looked into when all others are taken
 */
public record Consoles(
    Console console, CancelRegistry cancelRegistry, Clients clients, SessionLimit limit) {
  public Consoles {
    requireNonNull(console, "console is null");
    requireNonNull(cancelRegistry, "cancelRegistry is null");
    requireNonNull(clients, "clients is null");
    requireNonNull(limit, "limit is null");
  }

  /**
   * Takes over a client that has been told AuthenticationOk. On its event loop.
   *
   * @param previous whose handler is replaced
   * @param description for those who look on
   */
  public void begin(
      ChannelHandlerContext previous,
      ConsoleClient client,
      ClientDescription description,
      int cancelKeyLength) {
    Channel channel = previous.channel();
    if (limit.tryAcquire()) {
      Channels.whenClosed(channel, limit::release);
      Client entry = clients.begin(description, () -> ConnectionEvent.KILLED.tell(channel));
      Channels.whenClosed(channel, entry::ended);
      entry.linkedToNone();
      ConsoleHandler.replace(
          previous, console, client, entry.traffic(), cancelRegistry, cancelKeyLength);
    } else {
      Farewell.say(channel, Refusals.tooManySessions(limit.max()));
    }
  }
}
