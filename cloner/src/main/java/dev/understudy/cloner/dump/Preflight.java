package dev.understudy.cloner.dump;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.source.SourceFailures;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Says, before production has anything to do, why its dump would fail. */
final class Preflight {
  private static final long FLOOR_BYTES = 256L << 20;

  private final SourceCluster source;
  private final SourceType.Dump settings;
  private final Exclusions exclusions;

  Preflight(SourceCluster source, SourceType.Dump settings, Exclusions exclusions) {
    this.source = source;
    this.settings = settings;
    this.exclusions = exclusions;
  }

  void checkVersion() throws SourceException {
    SourceFailures.requireSupported(source.major());
  }

  /** Those that are to be dumped; the settings', or all that there are. */
  List<SourceDatabase> databases() throws SourceException {
    List<SourceDatabase> chosen =
        settings.databases().isEmpty() ? usual() : named(settings.databases());
    List<String> closed = names(chosen, database -> !database.allowsConnections());
    if (!closed.isEmpty()) {
      throw new SourceException(
          Kind.SETTINGS,
          "production allows no connection to %s".formatted(String.join(", ", closed)),
          null,
          "Leave it out of databases of the source.");
    }
    List<String> refused = names(chosen, database -> !database.connectable());
    if (!refused.isEmpty()) {
      throw new SourceException(
          Kind.PRIVILEGES,
          "role %s may not connect to every database of production".formatted(source.user()),
          "It may not connect to %s.".formatted(String.join(", ", refused)),
          "GRANT CONNECT ON DATABASE %s TO %s; or name the databases that are wanted in databases"
                  .formatted(String.join(", ", refused), source.user())
              + " of the source.");
    }
    if (chosen.isEmpty()) {
      throw new SourceException(
          Kind.UNSUPPORTED,
          "production has no database that could be dumped",
          null,
          "Let the role of url connect to one: GRANT CONNECT ON DATABASE ... TO ...; templates are"
              + " never dumped.");
    }
    return chosen;
  }

  private List<SourceDatabase> usual() {
    return source.databases().stream()
        .filter(database ->
            database.allowsConnections()
                && !database.template()
                && !exclusions.isDatabase(database.name()))
        .toList();
  }

  private List<SourceDatabase> named(List<String> names) throws SourceException {
    List<SourceDatabase> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          source.databases().stream()
              .filter(database -> database.name().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new SourceException(
                      Kind.SETTINGS,
                      "production has no database %s".formatted(name),
                      "It has %s."
                          .formatted(
                              String.join(", ", names(source.databases(), database -> true))),
                      "Correct databases of the source.")));
    }
    return chosen;
  }

  private static List<String> names(
      List<SourceDatabase> databases, Predicate<SourceDatabase> which) {
    return databases.stream().filter(which).map(SourceDatabase::name).toList();
  }

  /** Two times the databases: the largest one's dump lies beside them, and indexes are sorted. */
  void checkRoom(List<SourceDatabase> databases, Pool pool) throws SourceException, IOException {
    long size = databases.stream().mapToLong(SourceDatabase::size).sum();
    long wanted = 2 * size + FLOOR_BYTES;
    SourceFailures.requireRoom(
        pool,
        wanted,
        "a dump of production and what is restored of it",
        "Production's databases have %d MiB; %d MiB are needed."
            .formatted(size >> 20, wanted >> 20));
  }

  void checkPrivileges(DatabaseContents contents) throws SourceException {
    String role = source.user();
    if (!contents.unreadable().isEmpty()) {
      throw new SourceException(
          Kind.PRIVILEGES,
          "role %s may not read all of database %s of production".formatted(role, contents.name()),
          "Among what it may not read: %s.".formatted(String.join(", ", contents.unreadable())),
          "GRANT pg_read_all_data TO %s;".formatted(role));
    }
    if (!contents.objectOwners().isEmpty()) {
      throw new SourceException(
          Kind.PRIVILEGES,
          "role %s may not read all large objects of database %s of production"
              .formatted(role, contents.name()),
          "It may not read some that belong to %s; pg_read_all_data is for tables alone."
              .formatted(String.join(", ", contents.objectOwners())),
          "GRANT %s TO %s; or GRANT SELECT ON LARGE OBJECT … TO %s; for each of them."
              .formatted(String.join(", ", contents.objectOwners()), role, role));
    }
    if (!contents.rowSecured().isEmpty()) {
      throw new SourceException(
          Kind.PRIVILEGES,
          "row-level security hides rows of database %s of production from role %s"
              .formatted(contents.name(), role),
          "Policies apply to it on %s.".formatted(String.join(", ", contents.rowSecured())),
          "ALTER ROLE %s BYPASSRLS;".formatted(role));
    }
  }

  /**
   * @param available here
   */
  void checkExtensions(DatabaseContents contents, Set<String> available) throws SourceException {
    List<String> missing =
        contents.extensions().stream()
            .map(DatabaseContents.Extension::name)
            .filter(name ->
                !available.contains(name)
                    && !exclusions.isExtension(name, available.contains(name)))
            .toList();
    if (!missing.isEmpty()) {
      throw new SourceException(
          Kind.BINARIES,
          "extensions of database %s of production are not installed here"
              .formatted(contents.name()),
          "There is no %s for PostgreSQL %d.".formatted(String.join(", ", missing), source.major()),
          "Install them; or leave them out, with what needs them:"
              + " exclude-extensions = [%s] in the settings of the source."
                  .formatted(String.join(", ", missing)));
    }
  }
}
