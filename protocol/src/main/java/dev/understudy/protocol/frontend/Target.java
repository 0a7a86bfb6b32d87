package dev.understudy.protocol.frontend;

import dev.understudy.protocol.ProtocolException;

/** What Describe and Close are about. */
public enum Target {
  STATEMENT,
  PORTAL;

  static Target of(byte code) {
    return switch (code) {
      case 'S' -> STATEMENT;
      case 'P' -> PORTAL;
      default -> throw new ProtocolException("invalid message subtype " + (code & 0xFF));
    };
  }
}
