package dev.understudy.cloner.postgres;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * One installation of PostgreSQL.
 *
 * @param home the directory whose {@code bin/} holds {@code postgres}
 * @param version as {@code server_version_num}, for example 180006 or 150018
 */
public record PostgresBinaries(Path home, int version) {
  public PostgresBinaries {
    requireNonNull(home, "home is null");
  }

  public int major() {
    return version / 10_000;
  }

  /**
   * Whether its servers run with tablespaces that are directories of the data directory, and not
   * links to elsewhere: since the minor releases of August 2022.
   */
  public boolean knowsTablespacesInPlace() {
    return switch (major()) {
      case 14 -> version >= 140_005;
      default -> version >= 150_000;
    };
  }
}
