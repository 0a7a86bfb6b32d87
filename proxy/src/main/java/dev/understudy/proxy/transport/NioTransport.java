package dev.understudy.proxy.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;

/** Everywhere, through the JDK. */
public final class NioTransport implements Transport {
  @Override
  public IoHandlerFactory ioHandlers() {
    return NioIoHandler.newFactory();
  }

  @Override
  public ServerBootstrap server() {
    return Sockets.common(new ServerBootstrap())
        .channel(NioServerSocketChannel.class)
        .childOption(
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), Sockets.KEEPALIVE_IDLE_SECONDS)
        .childOption(
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
            Sockets.KEEPALIVE_INTERVAL_SECONDS)
        .childOption(
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), Sockets.KEEPALIVE_COUNT);
  }

  @Override
  public Bootstrap client(EventLoop eventLoop) {
    return Sockets.common(new Bootstrap()).group(eventLoop).channel(NioDomainSocketChannel.class);
  }

  @Override
  public SocketAddress unixSocket(Path path) {
    return UnixDomainSocketAddress.of(path);
  }
}
