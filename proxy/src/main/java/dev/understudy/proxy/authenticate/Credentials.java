package dev.understudy.proxy.authenticate;

import java.util.Optional;

/** The daemon's own store of verifiers. In memory: never blocks, never asks a clone. */
public interface Credentials {
  /**
   * The credential of a login for environments of one source.
   *
   * @param source name of the source, or an empty text where no environment is named (then only the
   *     settings' users are known)
   */
  Optional<Credential> find(String login, String source);
}
