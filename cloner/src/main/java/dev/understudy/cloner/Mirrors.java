package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.dump.DumpSource;
import dev.understudy.cloner.source.DirectorySource;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The one mirror of each source of the settings, for as long as the daemon works. */
final class Mirrors {
  private final Map<String, Mirror> mirrors;

  private Mirrors(Map<String, Mirror> mirrors) {
    this.mirrors = mirrors;
  }

  /**
   * @param daemon its own directory
   */
  static Mirrors open(Settings settings, Foundation foundation, Path daemon) {
    Map<String, Mirror> mirrors = new LinkedHashMap<>();
    for (Source source : settings.sources().values()) {
      mirrors.put(source.name(), open(source, foundation, daemon));
    }
    return new Mirrors(mirrors);
  }

  private static Mirror open(Source source, Foundation foundation, Path daemon) {
    return switch (source.type()) {
      case SourceType.Directory directory ->
          new DirectorySource(source.name(), directory, foundation.pool(), foundation::binaries);
      case SourceType.Dump dump ->
          new DumpSource(
              source.name(),
              dump,
              new DumpSource.Tooling(
                  foundation.pool(),
                  foundation.servers(),
                  foundation.servers(),
                  foundation::binaries,
                  daemon.resolve("run")));
    };
  }

  Mirror of(Source source) {
    return requireNonNull(mirrors.get(source.name()), "a source of other settings");
  }

  /** What follows production runs on, for the next daemon to find. */
  void close() {
    mirrors.values().forEach(Mirror::close);
  }

  /** Stops what follows production, too. */
  void shutdown() throws InterruptedException {
    for (Mirror mirror : mirrors.values()) {
      mirror.shutdown();
    }
  }
}
