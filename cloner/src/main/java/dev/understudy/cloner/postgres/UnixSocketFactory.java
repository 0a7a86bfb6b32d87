package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.ThreadIdentity;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.ExecutionException;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * How pgJDBC reaches a unix socket; made by it, by name. What it gets is connected already, so the
 * host and port that it knows mean nothing.
 */
public final class UnixSocketFactory extends SocketFactory {
  private final @Nullable Account account;
  private final File path;

  /**
   * @param argument {@code UID:GID:PATH}; the connection is made with that effective user, which
   *     the server sees as its peer; nothing before the first colon for our own
   */
  public UnixSocketFactory(String argument) {
    String[] parts = argument.split(":", 3);
    account =
        parts[0].isEmpty()
            ? null
            : new Account("uid" + parts[0], Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    path = new File(parts[2]);
  }

  /** For {@code socketFactoryArg}; the account is that of the peer, null for our own. */
  public static String argument(String path, @Nullable Account account) {
    return (account == null ? ":" : account.uid() + ":" + account.gid()) + ":" + path;
  }

  @Override
  public Socket createSocket() throws IOException {
    AFUNIXSocket socket = AFUNIXSocket.newInstance();
    try {
      connect(socket, AFUNIXSocketAddress.of(path));
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void connect(Socket socket, SocketAddress address) throws IOException {
    if (account == null) {
      socket.connect(address);
      return;
    }
    try {
      ThreadIdentity.callAs(
          account,
          () -> {
            socket.connect(address);
            return address;
          });
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while connecting");
    }
  }

  /** Not called by pgJDBC. */
  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
      throws IOException {
    throw new UnsupportedOperationException();
  }
}
