package dev.understudy.server.doctor;

import dev.understudy.config.SourceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** PostgreSQL's programs that sources are mirrored with; not every installation has them. */
final class ClientPrograms {
  static final List<String> ALL = List.of("pg_basebackup", "pg_dump", "pg_restore");

  private ClientPrograms() {}

  /** Those that a source of this type needs. */
  static List<String> of(SourceType type) {
    return switch (type) {
      case SourceType.Directory _ -> List.of();
      case SourceType.Standby _ -> List.of("pg_basebackup");
      case SourceType.Dump _ -> List.of("pg_dump", "pg_restore");
    };
  }

  static List<String> missing(Collection<String> needed, Path home) {
    return needed.stream()
        .filter(name -> !Files.isExecutable(home.resolve("bin").resolve(name)))
        .toList();
  }

  /** For people. */
  static String packages(Object major) {
    return "the client programs (Debian, Ubuntu: postgresql-client-%s; RHEL: postgresql%s)"
        .formatted(major, major);
  }
}
