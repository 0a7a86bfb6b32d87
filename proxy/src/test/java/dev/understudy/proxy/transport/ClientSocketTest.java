package dev.understudy.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernel was told of a client's connection, as it tells it itself. */
class ClientSocketTest {
  @Test
  void aDeadPeerIsNoticedInTwoMinutes() throws Exception {
    assertThat(Epoll.isAvailable()).isTrue();
    accept(
        new EpollTransport(),
        client -> {
          assertThat(client.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
          assertThat(
                  Map.of(
                      "idle", option(client, EpollChannelOption.TCP_KEEPIDLE),
                      "interval", option(client, EpollChannelOption.TCP_KEEPINTVL),
                      "probes", option(client, EpollChannelOption.TCP_KEEPCNT),
                      "unacknowledged", option(client, EpollChannelOption.TCP_USER_TIMEOUT)))
              .isEqualTo(
                  Map.of("idle", 60, "interval", 10, "probes", 6, "unacknowledged", 120_000));
        });
  }

  @ParameterizedTest
  @MethodSource("dev.understudy.proxy.ProxyRelayTest#transports")
  void smallMessagesAreNotHeldBackAndBigOnesTakeTurns(Transport transport) throws Exception {
    accept(
        transport,
        client -> {
          assertThat(client.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
          assertThat(client.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
          assertThat(client.config().getOption(ChannelOption.RECVBUF_ALLOCATOR))
              .isInstanceOfSatisfying(
                  MaxMessagesRecvByteBufAllocator.class,
                  buffers -> assertThat(buffers.maxMessagesPerRead()).isEqualTo(4));
        });
  }

  private static int option(Channel client, ChannelOption<Integer> option) {
    return client.config().getOption(option);
  }

  private static void accept(Transport transport, Consumer<Channel> check) throws Exception {
    BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
    try {
      Channel listener =
          transport
              .server()
              .group(eventLoops)
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                      accepted.add(client);
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      int port = ((InetSocketAddress) listener.localAddress()).getPort();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
        check.accept(accepted.poll(10, TimeUnit.SECONDS));
      }
    } finally {
      eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }
}
