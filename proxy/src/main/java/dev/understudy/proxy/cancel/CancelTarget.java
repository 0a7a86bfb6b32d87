package dev.understudy.proxy.cancel;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.startup.CancelRequest;
import java.nio.file.Path;

/**
 * Where the query of a session runs.
 *
 * @param socket the server's unix socket
 * @param request what that server understands
 */
public record CancelTarget(Path socket, CancelRequest request) {
  public CancelTarget {
    requireNonNull(socket, "socket is null");
    requireNonNull(request, "request is null");
  }
}
