package dev.understudy.protocol.backend;

import static dev.understudy.protocol.MessageWriter.writeString;
import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.MessageReader;
import io.netty.buffer.ByteBuf;

/** The value of a setting that clients want to follow. */
public record ParameterStatus(String name, String value) implements BackendMessage {
  static final byte TYPE = 'S';

  public ParameterStatus {
    requireNonNull(name, "name is null");
    requireNonNull(value, "value is null");
  }

  static ParameterStatus decode(MessageReader body) {
    ParameterStatus message = new ParameterStatus(body.readString(), body.readString());
    body.end();
    return message;
  }

  @Override
  public byte type() {
    return TYPE;
  }

  @Override
  public void encodeBody(ByteBuf out) {
    writeString(out, name);
    writeString(out, value);
  }
}
