package dev.understudy.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;

/**
 * The client's leg of a proxy: TLS on Netty's epoll transport, one event loop. A client is sent as
 * many bytes as it asks for; what it sends beyond that is dropped.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
final class TlsRelay implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final AtomicLong received = new AtomicLong();
  private final Channel listener;

  TlsRelay(SslContext context) {
    listener =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    client.pipeline().addLast(context.newHandler(client.alloc()), new Leg());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Nanoseconds from nothing to the first byte, as a login without its own messages. */
  long connect(SSLSocketFactory clients) throws IOException {
    long begin = System.nanoTime();
    try (Socket client = open(clients)) {
      ask(client, 1);
      requireByte(client.getInputStream().read());
      return System.nanoTime() - begin;
    }
  }

  /** Bytes in both directions, and what they took. */
  record Flow(long nanos, long cpuNanos) {}

  /** Sends a client so many bytes. */
  Flow send(SSLSocketFactory clients, long bytes) throws IOException, InterruptedException {
    try (Socket client = open(clients)) {
      long cpu = cpuNanos();
      long begin = System.nanoTime();
      ask(client, bytes);
      InputStream in = client.getInputStream();
      byte[] buffer = new byte[CHUNK];
      for (long left = bytes; left > 0; ) {
        int read = in.read(buffer);
        requireByte(read);
        left -= read;
      }
      return new Flow(System.nanoTime() - begin, cpuNanos() - cpu);
    }
  }

  /** Receives from a client so many bytes. */
  Flow receive(SSLSocketFactory clients, long bytes) throws IOException, InterruptedException {
    try (Socket client = open(clients)) {
      long before = received.get();
      long cpu = cpuNanos();
      long begin = System.nanoTime();
      ask(client, 0);
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[CHUNK];
      for (long left = bytes; left > 0; left -= CHUNK) {
        out.write(buffer);
      }
      while (received.get() - before < bytes) {
        Thread.sleep(1);
      }
      return new Flow(System.nanoTime() - begin, cpuNanos() - cpu);
    }
  }

  private Socket open(SSLSocketFactory clients) throws IOException {
    return clients.createSocket(address().getAddress(), address().getPort());
  }

  private static void ask(Socket client, long bytes) throws IOException {
    client.getOutputStream().write(ByteBuffer.allocate(Long.BYTES).putLong(bytes).array());
  }

  private static void requireByte(int read) throws IOException {
    if (read < 0) {
      throw new IOException("the server ended the connection");
    }
  }

  /** Processor time of the event loop. */
  private long cpuNanos() throws IOException, InterruptedException {
    try {
      return loop.submit(() -> ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()).get();
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Sends while it can be written to, as a relay does whose server is fast. */
  private final class Leg extends ChannelInboundHandlerAdapter {
    private long left = -1;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      try {
        if (left < 0) {
          left = bytes.readLong();
          pump(ctx);
        }
        received.addAndGet(bytes.readableBytes());
      } finally {
        bytes.release();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      pump(ctx);
    }

    private void pump(ChannelHandlerContext ctx) {
      while (left > 0 && ctx.channel().isWritable()) {
        int length = (int) Math.min(left, CHUNK);
        left -= length;
        ctx.writeAndFlush(ctx.alloc().directBuffer(length).writeZero(length))
            .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      }
    }
  }
}
