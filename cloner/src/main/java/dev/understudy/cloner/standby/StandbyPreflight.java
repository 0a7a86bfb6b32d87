package dev.understudy.cloner.standby;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.MissingLibraries;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.source.SourceFailures;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Asks production, before anything is begun, whether a standby of it can be made here. What does
 * not stand in its way, but in that of clones, is a warning.
 */
final class StandbyPreflight {
  private static final long ROOM_AT_LEAST = 256L << 20;

  private final Production production;
  private final Connection connection;
  private final SourceType.Standby settings;
  private final boolean isolated;

  /**
   * What is known when nothing stands in the way.
   *
   * @param superuser of production, who may log in
   * @param warnings for people, one line each
   */
  record Passed(
      PostgresBinaries binaries, long systemIdentifier, String superuser, List<String> warnings) {
    Passed {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * @param isolated whether servers here see nothing of the host
   */
  StandbyPreflight(
      Production production, Connection connection, SourceType.Standby settings, boolean isolated) {
    this.production = production;
    this.connection = connection;
    this.settings = settings;
    this.isolated = isolated;
  }

  /**
   * @param installed by major version
   * @param pool that the copy would be in
   */
  Passed check(IntFunction<Optional<PostgresBinaries>> installed, Pool pool)
      throws SQLException, SourceException, IOException {
    PostgresBinaries binaries = requireBinaries(installed);
    Prerequisites.Met met = new Prerequisites(production, connection).require();
    if (settings.slot() != null) {
      requireCappedSlot();
    }
    requireNoSharedFiles();
    requireRoom(pool);
    List<String> warnings = new ArrayList<>();
    if (!Rows.isTrue(connection, "SELECT pg_has_role('pg_read_all_settings', 'USAGE')")) {
      warnings.add(
          "the role may not read all settings, so clones may lack some:"
              + " GRANT pg_read_all_settings TO %s;".formatted(role()));
    }
    warnings.addAll(new MissingExtensions(production, binaries).find(connection));
    new MissingLibraries(binaries).warning(connection, name -> false).ifPresent(warnings::add);
    new GlibcCollations(settings.collations()).require(production, connection);
    return new Passed(binaries, met.systemIdentifier(), met.superuser(), warnings);
  }

  private PostgresBinaries requireBinaries(IntFunction<Optional<PostgresBinaries>> installed)
      throws SQLException, SourceException {
    int major = (int) Rows.number(connection, "SHOW server_version_num") / 10_000;
    SourceFailures.requireSupported(major);
    Optional<PostgresBinaries> binaries = installed.apply(major);
    if (binaries.isEmpty()) {
      throw new SourceException(
          Kind.BINARIES,
          "PostgreSQL %d is not installed here".formatted(major),
          "Production is of that version, and standby and clones need its programs.",
          "Install it (Debian: postgresql-%d), or name its directory in the setting"
                  .formatted(major)
              + " postgresql.binaries.");
    }
    if (!Files.isExecutable(binaries.get().home().resolve("bin/pg_basebackup"))) {
      throw new SourceException(
          Kind.BINARIES,
          "there is no pg_basebackup of PostgreSQL %d here".formatted(major),
          "%s has none.".formatted(binaries.get().home().resolve("bin")),
          "Install the client programs of that version (Debian: postgresql-client-%d; RHEL:"
                  .formatted(major)
              + " postgresql%d), or name an installation that has them in postgresql.binaries."
                  .formatted(major));
    }
    return binaries.get();
  }

  /** To be asked later, too: what was set may be taken back. */
  boolean isSlotCapped() throws SQLException {
    return Rows.number(
            connection, "SELECT setting FROM pg_settings WHERE name = 'max_slot_wal_keep_size'")
        >= 0;
  }

  void requireCappedSlot() throws SQLException, SourceException {
    if (!isSlotCapped()) {
      throw new SourceException(
          Kind.SETTINGS,
          "a slot on production could fill its disk",
          "max_slot_wal_keep_size is not set there: while we are away, production would keep all"
              + " WAL for us.",
          "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'; SELECT pg_reload_conf(); or leave slot"
              + " of the source out.");
    }
    requireFreeSlot();
  }

  private void requireFreeSlot() throws SQLException, SourceException {
    long most = Rows.number(connection, "SHOW max_replication_slots");
    long used = Rows.number(connection, "SELECT count(*) FROM pg_replication_slots");
    if (used >= most
        && !Rows.isTrue(
            connection,
            "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '%s')"
                .formatted(settings.slot()))) {
      throw new SourceException(
          Kind.SETTINGS,
          "production has no replication slot left",
          "max_replication_slots is %d, and %d are in use.".formatted(most, used),
          "Raise max_replication_slots and restart production, or leave slot of the source out.");
    }
  }

  /** Replay would follow production into its own tablespaces. */
  private void requireNoSharedFiles() throws SourceException {
    if (!isolated && production.isHere()) {
      throw new SourceException(
          Kind.UNSUPPORTED,
          "a standby beside its production needs a sandbox",
          "Clones run without one here (isolation = none), and a standby on production's own host"
              + " could write into production's tablespaces.",
          "Install what `understudy doctor` names, or use a source of type directory.");
    }
  }

  private void requireRoom(Pool pool) throws SQLException, SourceException, IOException {
    long size =
        Rows.number(
            connection,
            """
            SELECT coalesce(sum(CASE WHEN has_database_privilege(oid, 'CONNECT')
                OR pg_has_role('pg_read_all_stats', 'USAGE')
              THEN pg_database_size(oid) END), 0)::bigint FROM pg_database\
            """);
    long wanted = size + Math.max(ROOM_AT_LEAST, size / 10);
    SourceFailures.requireRoom(
        pool,
        wanted,
        "a copy of production",
        "Production has %d MiB; with WAL and work %d MiB are needed."
            .formatted(size >> 20, wanted >> 20));
  }

  private String role() throws SQLException {
    return Rows.text(connection, "SELECT quote_ident(current_user)");
  }
}
