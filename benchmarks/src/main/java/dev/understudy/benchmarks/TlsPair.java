package dev.understudy.benchmarks;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * A server and a client of TLS in one thread, without a network between them. What the server costs
 * is the processor time of this thread, so that other work of the host does not count.
 */
final class TlsPair implements AutoCloseable {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int RECORD = 16_000;
  private static final int PORT = 5432;

  private final SSLEngine server;
  private final SSLEngine client;
  private final ByteBuffer toServer = ByteBuffer.allocateDirect(1 << 16);
  private final ByteBuffer toClient = ByteBuffer.allocateDirect(1 << 16);
  private final ByteBuffer plain = ByteBuffer.allocateDirect(1 << 16);

  private TlsPair(SSLEngine server, SSLEngine client) {
    this.server = server;
    this.client = client;
  }

  /** Clients of the same context resume what they had with a server of the same context. */
  static TlsPair of(SslContext server, SslContext client) {
    UnpooledByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    return new TlsPair(server.newEngine(allocator), client.newEngine(allocator, "localhost", PORT));
  }

  /** Nanoseconds of the server's side. */
  long handshake() throws SSLException {
    long nanos = 0;
    client.beginHandshake();
    boolean progress = true;
    while (progress) {
      progress = step(client, toClient, toServer);
      long begin = THREADS.getCurrentThreadCpuTime();
      progress |= step(server, toServer, toClient);
      nanos += THREADS.getCurrentThreadCpuTime() - begin;
    }
    if (server.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      throw new SSLException("the handshake ended in " + server.getHandshakeStatus());
    }
    return nanos;
  }

  /** Bytes per second of processor time that the server encrypts. */
  double sent(int records) throws SSLException {
    return throughput(server, client, records, true);
  }

  /** Bytes per second of processor time that the server decrypts. */
  double received(int records) throws SSLException {
    return throughput(client, server, records, false);
  }

  private double throughput(SSLEngine from, SSLEngine to, int records, boolean isSender)
      throws SSLException {
    long nanos = 0;
    for (int record = 0; record < records; record++) {
      plain.clear().limit(RECORD);
      toServer.clear();
      long begin = THREADS.getCurrentThreadCpuTime();
      from.wrap(plain, toServer);
      long wrapped = THREADS.getCurrentThreadCpuTime();
      toServer.flip();
      plain.clear();
      while (toServer.hasRemaining()) {
        to.unwrap(toServer, plain);
      }
      nanos += isSender ? wrapped - begin : THREADS.getCurrentThreadCpuTime() - wrapped;
    }
    return (double) RECORD * records * 1e9 / nanos;
  }

  private boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    boolean progress = false;
    while (true) {
      HandshakeStatus before = engine.getHandshakeStatus();
      if (before == HandshakeStatus.NEED_TASK) {
        Runnable task = engine.getDelegatedTask();
        if (task != null) {
          task.run();
          progress = true;
        }
        continue;
      }
      SSLEngineResult result;
      plain.clear();
      if (before == HandshakeStatus.NEED_WRAP) {
        result = engine.wrap(plain.limit(0), out);
      } else {
        in.flip();
        result = engine.unwrap(in, plain);
        in.compact();
      }
      boolean moved = result.bytesProduced() > 0 || result.bytesConsumed() > 0;
      progress |= moved;
      if (!moved && engine.getHandshakeStatus() == before) {
        return progress;
      }
    }
  }

  @Override
  public void close() {
    client.closeOutbound();
    server.closeOutbound();
    ReferenceCountUtil.release(server);
  }
}
