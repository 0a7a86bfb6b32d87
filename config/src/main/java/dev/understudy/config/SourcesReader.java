package dev.understudy.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code sources}. */
final class SourcesReader {
  private final Section parent;

  SourcesReader(Section parent) {
    this.parent = parent;
  }

  Map<String, Source> read(Path dataDirectory) {
    Section section = parent.required("sources", "at least one source is needed");
    Map<String, Source> sources = new LinkedHashMap<>();
    section
        .named()
        .forEach((name, source) -> {
          if (!EnvironmentName.isValid(name)) {
            section.error(name, "a source's name has " + EnvironmentName.GRAMMAR);
          }
          sources.put(name, source(name, source, dataDirectory));
        });
    return sources;
  }

  private static Source source(String name, Section section, Path dataDirectory) {
    String type = section.requiredText("type", "directory");
    if (type.equals("dump")) {
      return dump(name, section);
    }
    if (type.equals("standby")) {
      section.error(
          "type", "'" + type + "' is not supported yet; so far there are directory and dump");
    } else if (!type.isEmpty() && !type.equals("directory")) {
      section.error("type", "'" + type + "' is none of directory, dump, standby");
    }
    boolean isDirectory = type.equals("directory");
    if (isDirectory && !section.has("directory")) {
      section.error("directory", "is missing; name the running server's data directory");
    }
    Path directory = section.parsed("directory", Path.of("/"), Paths::absolute);
    if (section.has("directory")
        && (directory.startsWith(dataDirectory) || dataDirectory.startsWith(directory))) {
      section.error(
          "directory",
          "neither this nor data-directory (" + dataDirectory + ") may hold the other");
    }
    boolean shareBlocks = section.flag("share-blocks");
    Fidelity fidelity = fidelity(section);
    SnapshotPolicy snapshots = snapshots(section.section("snapshots"));
    section.notSupportedYet("mask");
    section.notSupportedYet("spares");
    Secret url = url(section);
    section.refuseUnknown();
    return new Source(
        name, new SourceType.Directory(directory, url, shareBlocks), snapshots, fidelity);
  }

  private static Source dump(String name, Section section) {
    Fidelity fidelity = fidelity(section);
    SnapshotPolicy snapshots = snapshots(section.section("snapshots"));
    section.notSupportedYet("mask");
    section.notSupportedYet("spares");
    Secret url = url(section);
    if (!section.has("url")) {
      section.error("url", "is missing; write postgresql://user@host:port/database");
    }
    SourceType type = DumpReader.read(section, url == null ? new Secret("") : url);
    section.refuseUnknown();
    return new Source(name, type, snapshots, fidelity);
  }

  private static Fidelity fidelity(Section section) {
    boolean freeze = section.choice("freeze", Map.of("true", true, "false", false), true);
    boolean keepEventTriggers =
        section.choice("event-triggers", Map.of("keep", true, "disable", false), true);
    return new Fidelity(freeze, keepEventTriggers);
  }

  private static SnapshotPolicy snapshots(Section section) {
    SnapshotPolicy usual = SnapshotPolicy.DEFAULT;
    Optional<Schedule> schedule =
        section.parsed("schedule", Optional.ofNullable(usual.schedule()), SourcesReader::schedule);
    int keep = section.integer("keep", usual.keep(), 1, 1000);
    section.refuseUnknown();
    return new SnapshotPolicy(schedule.orElse(null), keep);
  }

  private static Optional<Schedule> schedule(String text) {
    return text.equals("never") ? Optional.empty() : Optional.of(new Schedule(text));
  }

  private static @Nullable Secret url(Section section) {
    String url = section.text("url");
    if (url == null) {
      return null;
    }
    if (!url.startsWith("postgresql://") && !url.startsWith("postgres://") && !url.contains("=")) {
      // The text itself may hold a password and is not repeated.
      section.error(
          "url", "is neither postgresql://user@host:port/database nor 'host=... user=...'");
    }
    return new Secret(url);
  }
}
