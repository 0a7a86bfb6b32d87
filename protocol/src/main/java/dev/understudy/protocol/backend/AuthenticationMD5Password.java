package dev.understudy.protocol.backend;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.MessageReader;
import io.netty.buffer.ByteBuf;

/** Asks for the password, hashed with the role name and again with a salt of four bytes. */
public record AuthenticationMD5Password(Bytes salt) implements AuthenticationRequest {
  static final int METHOD = 5;
  public static final int SALT_LENGTH = 4;

  public AuthenticationMD5Password {
    if (salt.length() != SALT_LENGTH) {
      throw new IllegalArgumentException("salt of " + salt.length() + " bytes");
    }
  }

  static AuthenticationMD5Password decode(MessageReader body) {
    return new AuthenticationMD5Password(body.readBytes(SALT_LENGTH));
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeInt(METHOD);
    salt.writeTo(out);
  }
}
