package dev.understudy.proxy.cancel;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.startup.CancelRequest;
import java.nio.file.Path;

/** What a cancel request ends. */
public sealed interface CancelTarget {
  /**
   * There is no server yet, but somebody who waits for one.
   *
   * @param cancel ends the wait; any thread, returns at once, does nothing once the wait is over
   */
  record Waiting(Runnable cancel) implements CancelTarget {
    public Waiting {
      requireNonNull(cancel, "cancel is null");
    }
  }

  /**
   * A query on a server.
   *
   * @param socket the server's unix socket
   * @param request what that server understands
   */
  record Server(Path socket, CancelRequest request) implements CancelTarget {
    public Server {
      requireNonNull(socket, "socket is null");
      requireNonNull(request, "request is null");
    }
  }
}
