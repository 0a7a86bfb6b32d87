package dev.understudy.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A channel in memory that accounts for its buffers: exactly and at once, where the leak detector
 * depends on the garbage collector.
 */
public final class AccountedChannel extends EmbeddedChannel {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

  public AccountedChannel() {
    config().setAllocator(allocator);
  }

  /** Adds a handler, which allocates from the account. */
  public AccountedChannel with(ChannelHandler handler) {
    pipeline().addLast(handler);
    return this;
  }

  /** The bytes arrive, in one read. */
  public void receive(byte[] bytes) {
    ByteBuf buffer = allocator.buffer(Math.max(1, bytes.length));
    pipeline().fireChannelRead(buffer.writeBytes(bytes));
    pipeline().fireChannelReadComplete();
    runPendingTasks();
  }

  /** All that was written and not taken before. */
  public byte[] written() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    if (isOpen()) {
      flushOutbound();
    }
    for (ByteBuf next = readOutbound(); next != null; next = readOutbound()) {
      try {
        next.readBytes(all, next.readableBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        next.release();
      }
    }
    return all.toByteArray();
  }

  /** Closes the channel; fails if a buffer of the account was not released. */
  public void closeAndAssertReleased() {
    finishAndReleaseAll();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }
}
