package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.ShortCommand;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgControlIT {
  @TempDir private Path directory;

  @BeforeEach
  void letTheClustersUserIn() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void saysWhatPgControldataSays() throws Exception {
    Path home = Workbench.DEBIAN_15;
    assumeTrue(Files.exists(home), "PostgreSQL 15 is not installed in " + home);
    try (EmbeddedPostgres cluster = cluster(home)) {
      PgControl running = PgControl.read(cluster.dataDirectory());
      assertThat(running.state()).isEqualTo(PgControl.State.IN_PRODUCTION);
      assertThat(running.isShutDown()).isFalse();

      cluster.stop();
      PgControl control = PgControl.read(cluster.dataDirectory());
      Map<String, String> tool = controldata(home, cluster.dataDirectory());

      assertThat(tool).containsEntry("Database cluster state", "shut down");
      assertThat(control.state()).isEqualTo(PgControl.State.SHUT_DOWN);
      assertThat(tool)
          .containsEntry("pg_control version number", "" + control.controlVersion())
          .containsEntry("Catalog version number", "" + control.catalogVersion())
          .containsEntry(
              "Database system identifier", Long.toUnsignedString(control.systemIdentifier()))
          .containsEntry("Latest checkpoint location", lsn(control.checkpoint()))
          .containsEntry("Latest checkpoint's REDO location", lsn(control.redo()))
          .containsEntry("Latest checkpoint's TimeLineID", "" + control.timeline())
          .containsEntry("Minimum recovery ending location", lsn(control.minRecoveryPoint()))
          .containsEntry("Backup start location", lsn(control.backupStartPoint()))
          .containsEntry("wal_level setting", "replica")
          .containsEntry("max_connections setting", "" + control.maxConnections())
          .containsEntry("max_worker_processes setting", "" + control.maxWorkerProcesses())
          .containsEntry("max_wal_senders setting", "" + control.maxWalSenders())
          .containsEntry("max_prepared_xacts setting", "" + control.maxPreparedTransactions())
          .containsEntry("max_locks_per_xact setting", "" + control.maxLocksPerTransaction())
          .containsEntry("Database block size", "" + control.blockSize())
          .containsEntry("Bytes per WAL segment", "" + control.walSegmentSize())
          .containsEntry("Data page checksum version", "" + control.checksumVersion());
      assertThat(control.walLevel()).isEqualTo(PgControl.WalLevel.REPLICA);
      assertThat(control.maxWorkerProcesses()).isEqualTo(9);
    }
  }

  @Test
  void saysWhatPostgreSql18Says() throws Exception {
    try (EmbeddedPostgres cluster = cluster(Workbench.embedded());
        Connection connection = cluster.connect("postgres", "postgres");
        ResultSet result =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT s.system_identifier, s.pg_control_version, c.checkpoint_lsn::text,"
                        + " c.redo_lsn::text, c.timeline_id, i.bytes_per_wal_segment,"
                        + " i.data_page_checksum_version, i.database_block_size"
                        + " FROM pg_control_system() s, pg_control_checkpoint() c,"
                        + " pg_control_init() i")) {
      PgControl control = PgControl.read(cluster.dataDirectory());
      result.next();
      assertThat(control.systemIdentifier()).isEqualTo(result.getLong(1));
      assertThat(control.controlVersion()).isEqualTo(result.getInt(2));
      assertThat(lsn(control.checkpoint())).isEqualTo(result.getString(3));
      assertThat(lsn(control.redo())).isEqualTo(result.getString(4));
      assertThat(control.timeline()).isEqualTo(result.getInt(5));
      assertThat(control.walSegmentSize()).isEqualTo(result.getInt(6));
      assertThat(control.checksumVersion()).isEqualTo(result.getInt(7)).isEqualTo(1);
      assertThat(control.blockSize()).isEqualTo(result.getInt(8));
      assertThat(control.maxWorkerProcesses()).isEqualTo(9);
    }
  }

  private EmbeddedPostgres cluster(Path home) throws Exception {
    return EmbeddedPostgres.create(
        directory.resolve("cluster"),
        ServerOptions.of(home).withSettings(Map.of("max_worker_processes", "9")));
  }

  private static String lsn(long position) {
    return "%X/%X".formatted(position >>> 32, position & 0xffffffffL);
  }

  private static Map<String, String> controldata(Path home, Path data) throws Exception {
    String tool = home.resolve("bin/pg_controldata").toString();
    Map<String, String> values = new HashMap<>();
    for (String line : ShortCommand.run(List.of(tool, data.toString())).output().lines().toList()) {
      String[] parts = line.split(":", 2);
      values.put(parts[0], parts[1].strip());
    }
    return values;
  }
}
