package dev.understudy.server.serve;

import dev.understudy.config.Listen;
import dev.understudy.proxy.tls.TlsCertificates;
import dev.understudy.proxy.tls.TlsException;
import dev.understudy.server.CommandException;

/** The certificates of the settings, before the proxy uses them. */
final class Certificate {
  private Certificate() {}

  static void requireUsable(Listen listen) throws CommandException {
    if (listen.tls() != null) {
      try {
        TlsCertificates.requireUsable(listen.tls());
      } catch (TlsException e) {
        throw problem(e);
      }
    }
  }

  static CommandException problem(TlsException problem) {
    return new CommandException(String.valueOf(problem.getMessage()), problem.hint(), problem);
  }
}
