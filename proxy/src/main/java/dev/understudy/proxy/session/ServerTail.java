package dev.understudy.proxy.session;

import io.netty.buffer.ByteBuf;

/**
 * The last eleven bytes that a server sent, whatever their fragmentation: enough to see a {@code
 * ReadyForQuery} that says "idle, in no transaction", and an {@code EmptyQueryResponse} before it,
 * without parsing the stream. Behind a {@code ReadyForQuery}, and for as long as the client says
 * nothing, messages that nobody asked for leave the server as ready as it was.
 */
final class ServerTail {
  private static final int READY_LENGTH = 6;
  private static final long READY_MASK = (1L << (8 * READY_LENGTH)) - 1;

  /** {@code 'Z'}, length 5, {@code 'I'}. */
  private static final long READY_AND_IDLE = 0x5A_00_00_00_05_49L;

  /** The same without the last byte, which tells of a transaction. */
  private static final long READY = READY_AND_IDLE >>> Byte.SIZE;

  private static final int BEFORE_LENGTH = 5;
  private static final long BEFORE_MASK = (1L << (8 * BEFORE_LENGTH)) - 1;

  /** {@code 'I'}, length 4. */
  private static final long EMPTY_QUERY = 0x49_00_00_00_04L;

  /** Of a piece; that much of it may come behind a {@code ReadyForQuery} in the same piece. */
  private static final int LOOKED_AT = 1024;

  private final Asides asides = new Asides();
  private long tail;

  /** The bytes before the tail. */
  private long before;

  /** The tail and what was before it, where {@link #asides} begin. */
  private long tailBeforeAsides;

  private long beforeAsides;

  /** Does not move the buffer's indices. */
  void append(ByteBuf bytes) {
    int unknown = asides.follow(bytes, bytes.readerIndex());
    int end = bytes.writerIndex();
    for (int i = Math.max(bytes.readerIndex(), end - LOOKED_AT); i < end; i++) {
      before = (before << 8 | tail >>> (8 * (READY_LENGTH - 1))) & BEFORE_MASK;
      tail = (tail << 8 | bytes.getUnsignedByte(i)) & READY_MASK;
      if (i >= unknown && tail >>> Byte.SIZE == READY) {
        tailBeforeAsides = tail;
        beforeAsides = before;
        asides.begin();
        unknown = asides.follow(bytes, i + 1);
      }
    }
  }

  /** What the server says next may be an answer. */
  void clientSpoke() {
    asides.end();
  }

  boolean isReadyAndIdle() {
    return tail == READY_AND_IDLE || (asides.isBetween() && tailBeforeAsides == READY_AND_IDLE);
  }

  /** Ready, be it in a transaction. */
  boolean isReady() {
    return tail >>> Byte.SIZE == READY || asides.isBetween();
  }

  /** Ready, and what it was asked last was empty. */
  boolean isReadyAfterEmptyQuery() {
    return isReadyAndIdle() && (asides.isBetween() ? beforeAsides : before) == EMPTY_QUERY;
  }
}
