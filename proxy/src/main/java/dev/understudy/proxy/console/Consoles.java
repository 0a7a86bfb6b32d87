package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.listen.SessionLimit;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import io.netty.channel.ChannelHandlerContext;

/**
 * The door to the console.
 *
 * @param limit of its sessions: their own, so that it can be looked into when all others are taken
 */
public record Consoles(Console console, CancelRegistry cancelRegistry, SessionLimit limit) {
  public Consoles {
    requireNonNull(console, "console is null");
    requireNonNull(cancelRegistry, "cancelRegistry is null");
    requireNonNull(limit, "limit is null");
  }

  /**
   * Takes over a client that has been told AuthenticationOk. On its event loop.
   *
   * @param previous whose handler is replaced
   */
  public void begin(ChannelHandlerContext previous, ConsoleClient client, int cancelKeyLength) {
    if (limit.tryAcquire()) {
      Channels.whenClosed(previous.channel(), limit::release);
      ConsoleHandler.replace(previous, console, client, cancelRegistry, cancelKeyLength);
    } else {
      Farewell.say(previous.channel(), Refusals.tooManySessions(limit.max()));
    }
  }
}
