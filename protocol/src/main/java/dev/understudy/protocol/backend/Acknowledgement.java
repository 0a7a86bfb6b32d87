package dev.understudy.protocol.backend;

import io.netty.buffer.ByteBuf;

/** Messages that say all by their type. */
public enum Acknowledgement implements Answer {
  PARSE_COMPLETE('1'),
  BIND_COMPLETE('2'),
  CLOSE_COMPLETE('3'),
  /** What was described returns no rows. */
  NO_DATA('n'),
  EMPTY_QUERY_RESPONSE('I'),
  PORTAL_SUSPENDED('s');

  private final byte type;

  Acknowledgement(char type) {
    this.type = (byte) type;
  }

  @Override
  public byte type() {
    return type;
  }

  @Override
  public void encodeBody(ByteBuf out) {}
}
