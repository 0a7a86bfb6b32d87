package dev.understudy.proxy.authenticate;

import java.util.Optional;

/** The daemon's own store of verifiers. In memory: never blocks, never asks a clone. */
public interface Credentials {
  /**
   * The credential of a login for an environment of one source.
   *
   * @param source name of the source, or an empty text where no environment is named (then only the
   *     settings' users are known)
   * @param environment whose own roles may count, or an empty text
   */
  Optional<Credential> find(String login, String source, String environment);

  /**
   * The iteration count that a stranger to this store is to be shown: that of most of its SCRAM
   * verifiers.
   *
   * @param source as for {@link #find}
   */
  default int usualIterations(String source) {
    return ScramVerifier.ITERATIONS;
  }
}
