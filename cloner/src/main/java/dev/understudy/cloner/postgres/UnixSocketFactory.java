package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.ThreadIdentity;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * How pgJDBC reaches a unix socket; made by it, by name. What it gets is connected already, so the
 * host and port that it knows mean nothing.
 */
public final class UnixSocketFactory extends SocketFactory {
  /** Only a full backlog makes a connect wait at all. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration BRIEF_CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final @Nullable Account account;
  private final @Nullable Duration lifetime;
  private final File path;

  /**
   * @param argument {@code UID:GID:LIFETIME:PATH}; the connection is made with that effective user,
   *     which the server sees as its peer, and closed after that many milliseconds, whatever it is
   *     doing; nothing before a colon for our own user, and for as long as it is used
   */
  public UnixSocketFactory(String argument) {
    String[] parts = argument.split(":", 4);
    account =
        parts[0].isEmpty()
            ? null
            : new Account("uid" + parts[0], Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    lifetime = parts[2].isEmpty() ? null : Duration.ofMillis(Long.parseLong(parts[2]));
    path = new File(parts[3]);
  }

  /** For {@code socketFactoryArg}; the account is that of the peer, null for our own. */
  public static String argument(String path, @Nullable Account account) {
    return (account == null ? ":" : account.uid() + ":" + account.gid()) + "::" + path;
  }

  /** For {@code socketFactoryArg}; the peer is our own user. */
  static String argument(String path, Duration lifetime) {
    return "::" + lifetime.toMillis() + ":" + path;
  }

  @Override
  public Socket createSocket() throws IOException {
    AFUNIXSocket socket = AFUNIXSocket.newInstance();
    try {
      if (lifetime != null) {
        CompletableFuture.delayedExecutor(lifetime.toMillis(), TimeUnit.MILLISECONDS)
            .execute(() -> end(socket));
      }
      // Also bounds a connect, in the kernel; pgJDBC sets its own for what follows.
      Duration timeout = lifetime == null ? CONNECT_TIMEOUT : BRIEF_CONNECT_TIMEOUT;
      socket.setSoTimeout((int) timeout.toMillis());
      connect(socket, AFUNIXSocketAddress.of(path));
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static void end(AFUNIXSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed is closed.
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
