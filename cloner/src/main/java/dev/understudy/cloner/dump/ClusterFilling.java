package dev.understudy.cloner.dump;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.ServerWords;
import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.source.LeftOut;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings production's roles and databases into a fresh cluster. */
final class ClusterFilling {
  private static final String OTHER_DATABASE = "template1";

  private final Access access;
  private final SourceCluster source;
  private final Exclusions exclusions;
  private final SourceType.Dump settings;
  private final FreshCluster cluster;
  private final Tools tools;
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final List<LeftOut> failures = new ArrayList<>();

  ClusterFilling(
      Access access,
      SourceCluster source,
      Exclusions exclusions,
      SourceType.Dump settings,
      FreshCluster cluster,
      Tools tools) {
    this.access = access;
    this.source = source;
    this.exclusions = exclusions;
    this.settings = settings;
    this.cluster = cluster;
    this.tools = tools;
  }

  /** The extensions that could be made in it. */
  Set<String> available() throws SourceException, InterruptedException {
    return inside(
        OTHER_DATABASE,
        connection ->
            new HashSet<>(
                Rows.all(
                    connection,
                    "SELECT name FROM pg_available_extensions",
                    row -> row.getString(1))));
  }

  /** Makes roles, and databases that are empty: what cannot be here, is known now. */
  void makeEmpty(List<SourceDatabase> databases, RoleCreation roles)
      throws SourceException, InterruptedException {
    try {
      cluster.inside(
          OTHER_DATABASE,
          connection -> {
            roles.create(connection);
            new DatabaseCreation(source, databases, exclusions).create(connection);
            return databases;
          });
    } catch (SQLException e) {
      throw DatabaseCreation.notCreated(e);
    }
  }

  /**
   * Dumps one database, and restores it.
   *
   * @param work a directory of ours, for the dump; nothing is left in it
   */
  void fill(
      SourceDatabase database,
      Omissions omissions,
      RoleCreation roles,
      Pool pool,
      Path work,
      DumpProgress progress)
      throws SourceException, IOException, InterruptedException {
    Path dump = work.resolve("dump");
    Files.createDirectory(
        work, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      new DatabaseDump(tools, access, settings.jobs())
          .run(database.name(), dump, () -> progress.dumping(database, dump));
      progress.dumped(dump);
      String name = database.name();
      if (!omissions.contents().publicSchema()) {
        inside(name, connection -> execute(connection, "DROP SCHEMA public"));
      }
      failures.addAll(
          new DatabaseRestore(tools, cluster, settings.jobs(), name, dump)
              .run(
                  lines -> omissions.select(lines, source.roleNames()),
                  () -> progress.restoring(database)));
      leftOut.addAll(omissions.told());
    } finally {
      pool.delete(work);
    }
    inside(
        database.name(),
        connection -> {
          roles.disown(connection);
          if (tools.statistics() == null) {
            leftOut.addAll(PlannerStatistics.learn(connection, database.name()));
          }
          return database;
        });
    progress.restored(database);
  }

  /** What concerns the whole cluster, and comes last. */
  void finish(List<SourceDatabase> databases, RoleCreation roles)
      throws SourceException, InterruptedException {
    leftOut.addAll(
        inside(
            OTHER_DATABASE,
            connection -> {
              List<LeftOut> told = new ArrayList<>(roles.drop(connection));
              told.addAll(new DatabaseCreation(source, databases, exclusions).finish(connection));
              return told;
            }));
    for (SourceDatabase database : source.databases()) {
      boolean closed = !database.allowsConnections() && !database.template();
      if ((closed || exclusions.isDatabase(database.name())) && !databases.contains(database)) {
        leftOut.add(
            new LeftOut(
                LeftOut.Kind.DATABASE,
                null,
                database.name(),
                closed ? "left out: it allows no connections" : "left out: it is the provider's"));
      }
    }
  }

  /**
   * Those of the carried settings that work here: a value may name a locale or a dictionary that is
   * not installed, and would keep a server from starting.
   */
  Map<String, String> workingSettings() throws SourceException, InterruptedException {
    return inside(
        OTHER_DATABASE,
        connection -> {
          Map<String, String> working = new HashMap<>(source.settings());
          Set<String> tried =
              new HashSet<>(
                  Rows.all(
                      connection,
                      "SELECT name FROM pg_settings WHERE context IN ('user', 'superuser')",
                      row -> row.getString(1)));
          source
              .settings()
              .forEach((name, value) -> {
                if (tried.contains(name) && !works(connection, name, value)) {
                  working.remove(name);
                  leftOut.add(
                      new LeftOut(
                          LeftOut.Kind.SETTING, null, name, "left out: its value is none here"));
                }
              });
          return working;
        });
  }

  private static boolean works(Connection connection, String name, String value) {
    try {
      // For this statement only, as it is a transaction of its own.
      Rows.all(
          connection,
          "SELECT set_config(%s, %s, true)"
              .formatted(SqlText.literal(name), SqlText.literal(value)),
          row -> row.getString(1));
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** What could not be restored. */
  List<LeftOut> failures() {
    return List.copyOf(failures);
  }

  /** What did not come along, failures included. */
  List<LeftOut> leftOut() {
    List<LeftOut> all = new ArrayList<>(leftOut);
    all.addAll(failures);
    return all;
  }

  private <T> T inside(String database, FreshCluster.Work<T> work)
      throws SourceException, InterruptedException {
    try {
      return cluster.inside(database, work);
    } catch (SQLException e) {
      boolean full = "53100".equals(e.getSQLState());
      throw new SourceException(
          full ? Kind.SPACE : Kind.COPY,
          full
              ? "the pool became full while the dump of production was restored"
              : "what was restored of database %s cannot be finished".formatted(database),
          ServerWords.of(e),
          full ? "Enlarge the file system of the data directory." : null,
          ServerWords.mayQuoteRows(e) ? null : e);
    }
  }

  private static boolean execute(Connection connection, String command) throws SQLException {
    Rows.execute(connection, command);
    return true;
  }
}
