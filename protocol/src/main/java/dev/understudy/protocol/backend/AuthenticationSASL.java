package dev.understudy.protocol.backend;

import static dev.understudy.protocol.MessageWriter.writeString;

import dev.understudy.protocol.MessageReader;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks for SASL authentication.
 *
 * @param mechanisms in order of the server's preference
 */
public record AuthenticationSASL(List<String> mechanisms) implements AuthenticationRequest {
  static final int METHOD = 10;

  public AuthenticationSASL {
    mechanisms = List.copyOf(mechanisms);
  }

  static AuthenticationSASL decode(MessageReader body) {
    List<String> mechanisms = new ArrayList<>();
    for (String name = body.readString(); !name.isEmpty(); name = body.readString()) {
      mechanisms.add(name);
    }
    return new AuthenticationSASL(mechanisms);
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeInt(METHOD);
    mechanisms.forEach(name -> writeString(out, name));
    out.writeByte(0);
  }
}
