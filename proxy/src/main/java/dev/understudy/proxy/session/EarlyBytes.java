package dev.understudy.proxy.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** What a client sends before its server is there. Owns the buffers until they are taken. */
final class EarlyBytes {
  /** Beyond this, the client is not read until its server takes what there is. */
  private static final int ENOUGH = 64 * 1024;

  private static final byte TERMINATE = 'X';

  private final Queue<ByteBuf> buffers = new ArrayDeque<>();

  /** What the buffers take, which is far more than their content when a client sends drops. */
  private int memory;

  void add(ByteBuf bytes) {
    memory += bytes.capacity();
    buffers.add(bytes);
  }

  boolean isEnough() {
    return memory >= ENOUGH;
  }

  /** Whether the client took its leave instead of asking for something. */
  boolean startsWithTerminate() {
    ByteBuf first = buffers.peek();
    return first != null && first.isReadable() && first.getByte(first.readerIndex()) == TERMINATE;
  }

  /** Hands over the buffers, in order. */
  void drainTo(Consumer<ByteBuf> consumer) {
    for (ByteBuf next = buffers.poll(); next != null; next = buffers.poll()) {
      consumer.accept(next);
    }
    memory = 0;
  }

  void release() {
    drainTo(ByteBuf::release);
  }
}
