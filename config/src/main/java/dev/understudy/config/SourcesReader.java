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
    SourceType type = type(name, section, dataDirectory);
    SnapshotPolicy snapshots = snapshots(section.section("snapshots"));
    Fidelity fidelity = fidelity(section);
    MaskPolicy mask = mask(section);
    int spares = section.integer("spares", Source.SPARES, 0, Source.MOST_SPARES);
    section.refuseUnknown();
    return new Source(name, type, snapshots, fidelity, mask, spares);
  }

  private static SourceType type(String name, Section section, Path dataDirectory) {
    String type = section.requiredText("type", "directory");
    return switch (type) {
      case "standby" -> new StandbyReader(name, section).read(requiredUrl(section));
      case "dump" -> DumpReader.read(section, requiredUrl(section));
      default -> {
        if (!type.isEmpty() && !type.equals("directory")) {
          section.error("type", "'" + type + "' is none of directory, dump, standby");
        }
        yield directory(section, dataDirectory, type.equals("directory"));
      }
    };
  }

  private static SourceType directory(Section section, Path dataDirectory, boolean required) {
    if (required && !section.has("directory")) {
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
    return new SourceType.Directory(directory, url(section), shareBlocks);
  }

  /** A section that is there and empty masks nothing, but may be strict about it. */
  private static @Nullable MaskPolicy mask(Section section) {
    MaskPolicy mask = new MaskReader(section.section("mask")).read();
    return section.has("mask") ? mask : null;
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

  private static Secret requiredUrl(Section section) {
    if (!section.has("url")) {
      section.error(
          "url",
          "is missing; write for example"
              + " url = \"postgresql://understudy@prod.example.com:5432/postgres\"");
    }
    Secret url = url(section);
    return url == null ? new Secret("postgresql://") : url;
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
