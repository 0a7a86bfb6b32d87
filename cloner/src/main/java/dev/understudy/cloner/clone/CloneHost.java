package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.cgroup.ControlGroups;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.Servers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What clones stand on.
 *
 * @param dataDirectory the daemon's
 * @param groups what each clone's server may take
 * @param reload of servers that are to sync what they write
 * @param binaries by major version
 * @param bootId of this boot of the host
 */
public record CloneHost(
    Path dataDirectory,
    Pool pool,
    Servers servers,
    ControlGroups groups,
    SettingsReload reload,
    IntFunction<Optional<PostgresBinaries>> binaries,
    String bootId,
    InstantSource clock,
    StepListener steps) {
  public CloneHost {
    requireNonNull(dataDirectory, "dataDirectory is null");
    requireNonNull(pool, "pool is null");
    requireNonNull(servers, "servers is null");
    requireNonNull(groups, "groups is null");
    requireNonNull(reload, "reload is null");
    requireNonNull(binaries, "binaries is null");
    requireNonNull(bootId, "bootId is null");
    requireNonNull(clock, "clock is null");
    requireNonNull(steps, "steps is null");
  }

  /** Without limits. */
  public CloneHost(
      Path dataDirectory,
      Pool pool,
      Servers servers,
      SettingsReload reload,
      IntFunction<Optional<PostgresBinaries>> binaries,
      String bootId,
      InstantSource clock,
      StepListener steps) {
    this(dataDirectory, pool, servers, ControlGroups.NONE, reload, binaries, bootId, clock, steps);
  }

  /** A directory for each clone, named by its id. */
  public Path clones() {
    return dataDirectory.resolve("clones");
  }

  /** A directory for each clone's socket, named by the clone's id. */
  public Path run() {
    return dataDirectory.resolve("run");
  }
}
