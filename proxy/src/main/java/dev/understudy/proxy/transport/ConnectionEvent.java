package dev.understudy.proxy.transport;

import io.netty.channel.Channel;

/** What a client connection's current phase is told through its pipeline. */
public enum ConnectionEvent {
  /** The time from accept to authenticated is over. */
  DEADLINE_EXPIRED,
  /**
   * The proxy wants to stop: end at the next good moment. Who has not said yet what it is for is
   * told when it does.
   */
  SHUTTING_DOWN,
  /** Somebody wants the session to end, soon and whatever it does. */
  KILLED;

  /** Tells a connection, on its event loop, a moment later. */
  public void tell(Channel client) {
    Channels.execute(client, () -> client.pipeline().fireUserEventTriggered(this));
  }
}
