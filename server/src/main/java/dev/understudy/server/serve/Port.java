package dev.understudy.server.serve;

import dev.understudy.config.Listen;
import dev.understudy.server.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports, before they are really bound. Somebody may still be faster. */
public final class Port {
  static final String HINT = "choose another listen.port or listen.host, or stop who listens there";

  private Port() {}

  static void requireFree(Listen listen) throws CommandException {
    try {
      tryToBind(InetAddress.getByName(listen.host()), listen.port());
    } catch (IOException e) {
      throw new CommandException(
          "cannot listen on %s port %d: %s".formatted(listen.host(), listen.port(), e.getMessage()),
          HINT,
          e);
    }
  }

  /** The wanted port of the loopback interface if it is free, else any other. */
  public static int freePreferably(int wanted) throws IOException {
    try {
      return tryToBind(InetAddress.getLoopbackAddress(), wanted);
    } catch (IOException e) {
      return tryToBind(InetAddress.getLoopbackAddress(), 0);
    }
  }

  private static int tryToBind(InetAddress address, int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return socket.getLocalPort();
    }
  }
}
