package dev.understudy.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Clients that connect from a hundred addresses of loopback and never authenticate. Closing them
 * leaves nothing.
 */
final class Strangers implements AutoCloseable {
  private static final int ADDRESSES = 100;

  /** How many connect at a time; they all connect in the end. */
  private static final int AT_ONCE = 64;

  private final List<SocketChannel> connections = new ArrayList<>();

  private Strangers() {}

  /**
   * Connects so many.
   *
   * @param firstWords what each says before it falls silent; empty: nothing
   */
  static Strangers connect(int port, int count, byte[] firstWords) throws Exception {
    Strangers strangers = new Strangers();
    Semaphore atOnce = new Semaphore(AT_ONCE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<SocketChannel>> connecting = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        InetAddress from = InetAddress.ofLiteral("127.1.0." + (1 + i % ADDRESSES));
        atOnce.acquire();
        connecting.add(
            threads.submit(() -> {
              try {
                return connect(from, port, firstWords);
              } finally {
                atOnce.release();
              }
            }));
      }
      for (Future<SocketChannel> connected : connecting) {
        strangers.connections.add(connected.get());
      }
      return strangers;
    }
  }

  private static SocketChannel connect(InetAddress from, int port, byte[] firstWords)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.bind(new InetSocketAddress(from, 0));
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    ByteBuffer words = ByteBuffer.wrap(firstWords);
    while (words.hasRemaining()) {
      channel.write(words);
    }
    channel.configureBlocking(false);
    return channel;
  }

  /** What TLS begins with, without a request before it. */
  static byte[] clientHello() throws Exception {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"postgresql"});
    engine.setSSLParameters(parameters);
    ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), record);
    byte[] bytes = new byte[record.flip().remaining()];
    record.get(bytes);
    return bytes;
  }

  /** How many the other side has not closed. */
  int open() {
    ByteBuffer sink = ByteBuffer.allocate(64 * 1024);
    connections.removeIf(connection -> hasEnded(connection, sink));
    return connections.size();
  }

  private static boolean hasEnded(SocketChannel connection, ByteBuffer sink) {
    try {
      int read = connection.read(sink.clear());
      while (read > 0) {
        read = connection.read(sink.clear());
      }
      if (read == 0) {
        return false;
      }
      connection.close();
    } catch (IOException e) {
      // Reset.
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }
}
