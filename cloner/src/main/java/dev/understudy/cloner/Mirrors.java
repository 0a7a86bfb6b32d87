package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.dump.DumpSource;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.DirectorySource;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.standby.ReplicaSweep;
import dev.understudy.cloner.standby.StandbySource;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** The one mirror of each source of the settings, for as long as the daemon works. */
final class Mirrors {
  private final Map<String, Mirror> mirrors;

  private Mirrors(Map<String, Mirror> mirrors) {
    this.mirrors = mirrors;
  }

  /**
   * Finds what an earlier daemon left of them, and removes what belongs to none.
   *
   * @param directory the daemon's data directory
   * @param progress by name of a source: who hears how far a copy is
   */
  static Mirrors open(
      Settings settings,
      Foundation foundation,
      Path directory,
      Function<String, CopyListener> progress)
      throws ClonerException, IOException, InterruptedException {
    Map<String, Mirror> mirrors = new LinkedHashMap<>();
    Set<String> standbys = new HashSet<>();
    for (Source source : settings.sources().values()) {
      if (source.type() instanceof SourceType.Standby) {
        standbys.add(source.name());
      }
      mirrors.put(source.name(), open(source, foundation, directory, progress));
    }
    new ReplicaSweep(directory, foundation.pool(), foundation.servers()).run(standbys);
    return new Mirrors(mirrors);
  }

  private static Mirror open(
      Source source, Foundation foundation, Path directory, Function<String, CopyListener> progress)
      throws ClonerException, IOException, InterruptedException {
    return switch (source.type()) {
      case SourceType.Directory type ->
          new DirectorySource(source.name(), type, foundation.pool(), foundation::binaries);
      case SourceType.Standby type ->
          open(source.name(), type, foundation, directory, () -> progress.apply(source.name()));
      case SourceType.Dump type ->
          new DumpSource(
              source.name(),
              type,
              new DumpSource.Tooling(
                  foundation.pool(),
                  foundation.servers(),
                  foundation.servers(),
                  foundation::binaries,
                  directory.resolve("run")));
    };
  }

  private static Mirror open(
      String name,
      SourceType.Standby type,
      Foundation foundation,
      Path directory,
      Supplier<CopyListener> listeners)
      throws ClonerException, IOException, InterruptedException {
    try {
      return StandbySource.open(
          name,
          type,
          directory,
          foundation.pool(),
          foundation.servers(),
          foundation::binaries,
          listeners);
    } catch (SourceException e) {
      String detail = e.detail() == null ? "" : ": " + e.detail();
      throw new ClonerException(
          "source %s: %s%s".formatted(name, e.getMessage(), detail), e.hint(), e);
    }
  }

  /** Lets those work that follow production. */
  void begin() {
    mirrors.values().forEach(Mirror::begin);
  }

  Mirror of(Source source) {
    return requireNonNull(mirrors.get(source.name()), "a source of other settings");
  }

  /**
   * By name.
   *
   * @throws IllegalArgumentException if there is no such source
   */
  Mirror named(String source) {
    Mirror mirror = mirrors.get(source);
    if (mirror == null) {
      throw new IllegalArgumentException("there is no source " + source);
    }
    return mirror;
  }

  /** What follows production runs on, for the next daemon to find. */
  void close() {
    mirrors.values().forEach(Mirror::close);
  }

  /** Stops what follows production, too. An interrupt leaves the rest of it running. */
  void shutdown() throws InterruptedException {
    try {
      for (Mirror mirror : mirrors.values()) {
        mirror.shutdown();
      }
    } finally {
      close();
    }
  }
}
