package dev.understudy.proxy.transport;

import dev.understudy.proxy.health.BufferMemory;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocatorMetric;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;

/** Options that both transports share. */
final class Sockets {
  /** A dead peer is noticed after 60 + 6 x 10 s; Linux alone would take more than two hours. */
  static final int KEEPALIVE_IDLE_SECONDS = 60;

  static final int KEEPALIVE_INTERVAL_SECONDS = 10;
  static final int KEEPALIVE_COUNT = 6;

  /** The same bound where our own data is what goes unacknowledged: keepalive is silent then. */
  static final int USER_TIMEOUT_MILLIS = 120_000;

  private static final int BACKLOG = 4096;

  /** Netty's default changes between versions; pooled has the longest record. */
  private static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

  /** What a leg may hold unsent before the other leg stops reading. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  /** Reads of one socket per turn of its event loop, so that neighbours on the loop get theirs. */
  private static final int READS_PER_TURN = 4;

  private Sockets() {}

  static BufferMemory memory() {
    PooledByteBufAllocatorMetric metric = ALLOCATOR.metric();
    return new BufferMemory(
        metric.usedDirectMemory(),
        ALLOCATOR.pinnedDirectMemory(),
        metric.usedHeapMemory(),
        ALLOCATOR.pinnedHeapMemory());
  }

  static ServerBootstrap common(ServerBootstrap bootstrap) {
    return bootstrap
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.ALLOCATOR, ALLOCATOR)
        .childOption(ChannelOption.ALLOCATOR, ALLOCATOR)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers())
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  /** A write that fails ends the output alone: what the server has said before is read still. */
  static Bootstrap common(Bootstrap bootstrap) {
    return bootstrap
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.ALLOCATOR, ALLOCATOR)
        .option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers())
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
  }

  private static RecvByteBufAllocator receiveBuffers() {
    return new AdaptiveRecvByteBufAllocator(512, 8 * 1024, 64 * 1024)
        .maxMessagesPerRead(READS_PER_TURN);
  }
}
