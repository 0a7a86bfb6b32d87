package dev.understudy.protocol.backend;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.MessageReader;
import dev.understudy.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/** The server waits for the next query. */
public record ReadyForQuery(TransactionStatus status) implements BackendMessage {
  static final byte TYPE = 'Z';

  /** Where the session stands. */
  public enum TransactionStatus {
    IDLE('I'),
    IN_TRANSACTION('T'),
    FAILED_TRANSACTION('E');

    private final char code;

    TransactionStatus(char code) {
      this.code = code;
    }
  }

  public ReadyForQuery {
    requireNonNull(status, "status is null");
  }

  static ReadyForQuery decode(MessageReader body) {
    byte code = body.readByte();
    body.end();
    for (TransactionStatus status : TransactionStatus.values()) {
      if (status.code == code) {
        return new ReadyForQuery(status);
      }
    }
    throw new ProtocolException("unknown transaction status " + (code & 0xFF));
  }

  @Override
  public byte type() {
    return TYPE;
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeByte(status.code);
  }
}
