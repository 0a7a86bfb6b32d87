package dev.understudy.protocol.backend;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.MessageReader;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.startup.CancelRequest;
import io.netty.buffer.ByteBuf;

/** What a client needs for a {@link CancelRequest}; keys are of the lengths that it allows. */
public record BackendKeyData(int pid, Bytes key) implements BackendMessage {
  static final byte TYPE = 'K';

  public BackendKeyData {
    requireNonNull(key, "key is null");
    if (!isLengthOfKey(key.length())) {
      throw new IllegalArgumentException("key of " + key.length() + " bytes");
    }
  }

  static BackendKeyData decode(MessageReader body) {
    int pid = body.readInt();
    Bytes key = body.readRemaining();
    if (!isLengthOfKey(key.length())) {
      throw new ProtocolException("invalid length of cancel key");
    }
    return new BackendKeyData(pid, key);
  }

  private static boolean isLengthOfKey(int length) {
    return length >= CancelRequest.MINIMUM_KEY_LENGTH && length <= CancelRequest.MAXIMUM_KEY_LENGTH;
  }

  @Override
  public byte type() {
    return TYPE;
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeInt(pid);
    key.writeTo(out);
  }
}
