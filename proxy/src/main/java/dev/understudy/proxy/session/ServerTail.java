package dev.understudy.proxy.session;

import io.netty.buffer.ByteBuf;

/**
 * The last six bytes that a server sent, whatever their fragmentation: enough to see a {@code
 * ReadyForQuery} that says "idle, in no transaction", without parsing the stream.
 */
final class ServerTail {
  private static final int LENGTH = 6;
  private static final long MASK = (1L << (8 * LENGTH)) - 1;

  /** {@code 'Z'}, length 5, {@code 'I'}. */
  private static final long READY_AND_IDLE = 0x5A_00_00_00_05_49L;

  private long tail;

  /** Does not move the buffer's indices. */
  void append(ByteBuf bytes) {
    int count = Math.min(LENGTH, bytes.readableBytes());
    for (int i = bytes.writerIndex() - count; i < bytes.writerIndex(); i++) {
      tail = (tail << 8 | bytes.getUnsignedByte(i)) & MASK;
    }
  }

  boolean isReadyAndIdle() {
    return tail == READY_AND_IDLE;
  }
}
