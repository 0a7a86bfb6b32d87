package dev.understudy.cloner.sandbox;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Account;
import java.nio.file.Path;

/**
 * What one server may see of the host. All paths are absolute and outside ones.
 *
 * @param home of the PostgreSQL installation, read-only
 * @param data writable
 * @param sockets writable
 * @param account whom the server runs as
 * @param reach what else it reaches
 */
public record Confinement(Path home, Path data, Path sockets, Account account, Reach reach) {
  public Confinement {
    requireNonNull(home, "home is null");
    requireNonNull(data, "data is null");
    requireNonNull(sockets, "sockets is null");
    requireNonNull(account, "account is null");
    requireNonNull(reach, "reach is null");
  }

  /** Of a server that reaches nothing else. */
  public Confinement(Path home, Path data, Path sockets, Account account) {
    this(home, data, sockets, account, Reach.NONE);
  }
}
