package dev.understudy.protocol.backend;

import dev.understudy.protocol.MessageReader;

/** The messages of type {@code R}, told apart by the number that opens their body. */
public sealed interface AuthenticationRequest extends BackendMessage
    permits AuthenticationOk,
        AuthenticationMD5Password,
        AuthenticationSASL,
        AuthenticationSASLContinue,
        AuthenticationSASLFinal,
        AuthenticationOther {
  byte TYPE = 'R';

  @Override
  default byte type() {
    return TYPE;
  }

  static AuthenticationRequest decode(MessageReader body) {
    int method = body.readInt();
    AuthenticationRequest request =
        switch (method) {
          case AuthenticationOk.METHOD -> new AuthenticationOk();
          case AuthenticationMD5Password.METHOD -> AuthenticationMD5Password.decode(body);
          case AuthenticationSASL.METHOD -> AuthenticationSASL.decode(body);
          case AuthenticationSASLContinue.METHOD ->
              new AuthenticationSASLContinue(body.readRemaining());
          case AuthenticationSASLFinal.METHOD -> new AuthenticationSASLFinal(body.readRemaining());
          default -> new AuthenticationOther(method, body.readRemaining());
        };
    body.end();
    return request;
  }
}
