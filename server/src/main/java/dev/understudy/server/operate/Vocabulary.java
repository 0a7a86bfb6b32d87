package dev.understudy.server.operate;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.snapshot.Finding;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.config.SourceType;
import java.util.List;
import java.util.Locale;

/** What things are called, whichever way they are shown. */
public final class Vocabulary {
  private Vocabulary() {}

  /** In the words of the clone's states; one without a clone has lost it. */
  public static String state(EnvironmentStatus environment) {
    if (environment.state() == null) {
      return "lost";
    }
    return switch (environment.state()) {
      case RUNNING -> environment.running() ? "running" : "stopped";
      default -> lower(environment.state());
    };
  }

  /** In the words of the settings. */
  public static String type(SourceType type) {
    return switch (type) {
      case SourceType.Directory _ -> "directory";
      case SourceType.Standby _ -> "standby";
      case SourceType.Dump _ -> "dump";
    };
  }

  public static String reason(TrashReason reason) {
    return lower(reason);
  }

  public static String kind(Finding finding) {
    return lower(finding.kind());
  }

  /** Those of a snapshot that can be connected to, by name. */
  public static List<String> databases(Snapshot snapshot) {
    return snapshot.databases().stream()
        .filter(database -> database.allowsConnections() && !database.template())
        .map(Snapshot.Database::name)
        .sorted()
        .toList();
  }

  /** Of PostgreSQL, as it calls it. */
  public static String version(Snapshot snapshot) {
    return snapshot.major() + "." + snapshot.version() % 10_000;
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
