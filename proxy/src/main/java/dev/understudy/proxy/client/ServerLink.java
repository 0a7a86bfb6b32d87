package dev.understudy.proxy.client;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A session's connection to its clone's server.
 *
 * @param id of this connection, among those of all clients and servers
 * @param socket the server's unix socket
 * @param pid of the server's process for the session, as the server sees it; 0: it has not told
 */
public record ServerLink(long id, Path socket, int pid, Instant connectedAt) {
  public ServerLink {
    requireNonNull(socket, "socket is null");
    requireNonNull(connectedAt, "connectedAt is null");
  }
}
