package dev.understudy.proxy.session;

import io.netty.buffer.ByteBuf;

/**
 * Follows what a server may say though it was asked nothing: {@code NotificationResponse}, {@code
 * ParameterStatus} and {@code NoticeResponse}, in pieces of any size. Anything else, and a word of
 * the client's, ends that.
 */
final class Asides {
  private static final int LENGTH_BYTES = 4;

  /** Far more than a server says on its own account; what claims to be longer is none of it. */
  private static final int LONGEST = 1024 * 1024;

  private boolean following;
  private boolean inHeader;
  private int lengthBytes;
  private int length;

  /** How much of a message's body is still to come. */
  private int rest;

  /** The server has said what it was asked: from here on. */
  void begin() {
    following = true;
    inHeader = false;
    rest = 0;
  }

  void end() {
    following = false;
  }

  /** Nothing but whole asides, or nothing at all, has come since the beginning. */
  boolean isBetween() {
    return following && !inHeader && rest == 0;
  }

  /**
   * Does not move the buffer's indices.
   *
   * @return where it stopped following; the end of the buffer: it still does
   */
  int follow(ByteBuf bytes, int from) {
    int at = from;
    while (following && at < bytes.writerIndex()) {
      if (rest > 0) {
        int skipped = Math.min(rest, bytes.writerIndex() - at);
        rest -= skipped;
        at += skipped;
      } else if (inHeader) {
        readLength(bytes.getUnsignedByte(at++));
      } else {
        readType(bytes.getByte(at++));
      }
    }
    return at;
  }

  private void readType(byte type) {
    following = type == 'A' || type == 'S' || type == 'N';
    inHeader = true;
    lengthBytes = 0;
    length = 0;
  }

  private void readLength(int next) {
    length = length << Byte.SIZE | next;
    lengthBytes++;
    if (lengthBytes == LENGTH_BYTES) {
      inHeader = false;
      rest = length - LENGTH_BYTES;
      following = rest >= 0 && length <= LONGEST;
    }
  }
}
