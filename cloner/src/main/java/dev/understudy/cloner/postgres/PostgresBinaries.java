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
}
