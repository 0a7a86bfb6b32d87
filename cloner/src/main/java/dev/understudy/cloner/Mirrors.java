package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.DirectorySource;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import java.util.LinkedHashMap;
import java.util.Map;

/** The one mirror of each source of the settings, for as long as the daemon works. */
final class Mirrors {
  private final Map<String, Mirror> mirrors;

  private Mirrors(Map<String, Mirror> mirrors) {
    this.mirrors = mirrors;
  }

  static Mirrors open(Settings settings, Foundation foundation) {
    Map<String, Mirror> mirrors = new LinkedHashMap<>();
    for (Source source : settings.sources().values()) {
      mirrors.put(source.name(), open(source, foundation));
    }
    return new Mirrors(mirrors);
  }

  private static Mirror open(Source source, Foundation foundation) {
    return switch (source.type()) {
      case SourceType.Directory directory ->
          new DirectorySource(source.name(), directory, foundation.pool(), foundation::binaries);
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
