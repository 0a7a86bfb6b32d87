package dev.understudy.server.serve;

import dev.understudy.config.Listen;
import dev.understudy.proxy.tls.TlsCertificate;
import dev.understudy.proxy.tls.TlsException;
import dev.understudy.server.CommandException;

/** The certificate of the settings, before the proxy uses it. */
final class Certificate {
  private Certificate() {}

  static void requireUsable(Listen listen) throws CommandException {
    if (listen.tls() != null) {
      try {
        TlsCertificate.read(listen.tls());
      } catch (TlsException e) {
        throw problem(e);
      }
    }
  }

  static CommandException problem(TlsException problem) {
    return new CommandException(String.valueOf(problem.getMessage()), problem.hint(), problem);
  }
}
