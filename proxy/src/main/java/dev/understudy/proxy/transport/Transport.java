package dev.understudy.proxy.transport;

import dev.understudy.proxy.health.BufferMemory;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import java.net.SocketAddress;
import java.nio.file.Path;

/**
 * The sockets of both legs: TCP towards clients, unix domain sockets towards servers.
 *
 * <p>Client sockets come with half closure allowed and auto-read off; sockets towards servers close
 * as a whole when the server closes.
 */
public sealed interface Transport permits EpollTransport, NioTransport {

  /** Epoll on Linux, else NIO. */
  static Transport best() {
    return Epoll.isAvailable() ? new EpollTransport() : new NioTransport();
  }

  /** What the buffers of all sockets take, those of other proxies in this process too. */
  static BufferMemory memory() {
    return Sockets.memory();
  }

  IoHandlerFactory ioHandlers();

  /** A listener of client connections, without event loops and handlers. */
  ServerBootstrap server();

  /** A connector to servers on the client's own event loop, without handler. */
  Bootstrap client(EventLoop eventLoop);

  SocketAddress unixSocket(Path path);
}
