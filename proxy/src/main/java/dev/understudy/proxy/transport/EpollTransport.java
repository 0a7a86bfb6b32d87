package dev.understudy.proxy.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;

/** Linux, through Netty's native library. */
public final class EpollTransport implements Transport {
  @Override
  public IoHandlerFactory ioHandlers() {
    IoHandlerFactory epoll = EpollIoHandler.newFactory();
    return executor -> new RearmingEpollHandler(epoll.newHandler(executor));
  }

  @Override
  public ServerBootstrap server() {
    return Sockets.common(new ServerBootstrap())
        .channel(EpollServerSocketChannel.class)
        .childOption(EpollChannelOption.TCP_KEEPIDLE, Sockets.KEEPALIVE_IDLE_SECONDS)
        .childOption(EpollChannelOption.TCP_KEEPINTVL, Sockets.KEEPALIVE_INTERVAL_SECONDS)
        .childOption(EpollChannelOption.TCP_KEEPCNT, Sockets.KEEPALIVE_COUNT)
        .childOption(EpollChannelOption.TCP_USER_TIMEOUT, Sockets.USER_TIMEOUT_MILLIS);
  }

  @Override
  public Bootstrap client(EventLoop eventLoop) {
    return Sockets.common(new Bootstrap()).group(eventLoop).channel(EpollDomainSocketChannel.class);
  }

  @Override
  public SocketAddress unixSocket(Path path) {
    return new DomainSocketAddress(path.toString());
  }
}
