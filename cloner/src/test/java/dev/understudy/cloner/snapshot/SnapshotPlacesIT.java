package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.pool.ZfsFileSystem;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.RegularFile;
import dev.understudy.cloner.tree.SharedBlocks;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Snapshots on file systems that share blocks, of servers as distributions set them up. */
class SnapshotPlacesIT {
  @ParameterizedTest
  @CsvSource({"btrfs, btrfs subvolumes", "xfs, reflink"})
  void sharesBlocksWithProductionAndWithClones(String type, String pool) throws Exception {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount(type, 1500);
        Stage stage = Stage.open(fileSystem.directory(), 18, Map.of())) {
      assertThat(stage.pool().describe()).isEqualTo(pool);
      try (Connection connection = stage.production().connect("postgres", "postgres");
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE big AS SELECT i, repeat('x', 1000) FROM generate_series(1, 200000) i");
        // What production has frozen itself, a snapshot need not write again.
        statement.execute("VACUUM (FREEZE) big");
        statement.execute("CHECKPOINT");
      }
      Snapshot snapshot =
          stage
              .cutter()
              .cut(
                  stage.mirror(
                      new Source(
                          "prod",
                          new SourceType.Directory(
                              stage.production().dataDirectory(), null, true))),
                  CopyListener.silent());
      assertThat(sharesAll(largest(snapshot.data().resolve("base")))).isTrue();
      long began = System.nanoTime();
      RunningServer clone = stage.startClone(snapshot);
      System.out.printf(
          "%s: clone copied, configured and started in %d ms%n",
          pool, (System.nanoTime() - began) / 1_000_000);
      try (Connection connection =
          Sql.connect(clone.socket(), "postgres", "postgres", Duration.ofSeconds(30))) {
        assertThat(Bank.number(connection, "SELECT count(*) FROM big")).isEqualTo(200_000);
      } finally {
        clone.stop(Duration.ofSeconds(30));
      }
      assertThat(snapshot.sizeBytes()).isGreaterThan(200L << 20);
    }
  }

  @Test
  void sharesBlocksOfTablespacesToo(@TempDir Path elsewhere) throws Exception {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount("btrfs", 1500);
        Stage stage = Stage.open(fileSystem.directory(), 18, Map.of())) {
      Path place = stage.place(fileSystem.directory().resolve("place"));
      stage.execute("CREATE TABLESPACE fast LOCATION '" + place + "'");
      stage.execute(
          "CREATE TABLE big TABLESPACE fast AS"
              + " SELECT i, repeat('x', 1000) FROM generate_series(1, 50000) i");
      stage.execute("VACUUM (FREEZE) big");
      stage.execute("CHECKPOINT");
      Source sharing =
          new Source(
              "prod", new SourceType.Directory(stage.production().dataDirectory(), null, true));
      Snapshot snapshot = stage.cutter().cut(stage.mirror(sharing), CopyListener.silent());
      assertThat(sharesAll(largest(snapshot.data().resolve("pg_tblspc")))).isTrue();
      RunningServer first = stage.startClone(snapshot, "first");
      RunningServer second = stage.startClone(snapshot, "second");
      execute(first, "UPDATE big SET i = -i");
      execute(second, "DELETE FROM big WHERE i > 10");
      assertThat(number(first, "SELECT count(*) FROM big WHERE i < 0")).isEqualTo(50_000);
      assertThat(number(second, "SELECT count(*) FROM big WHERE i > 0")).isEqualTo(10);
      first.stop(Duration.ofSeconds(30));
      second.stop(Duration.ofSeconds(30));
      stage.execute("CREATE TABLESPACE far LOCATION '" + stage.place(far(elsewhere)) + "'");
      stage.execute("CREATE TABLE t TABLESPACE far AS SELECT 1");
      stage.execute("CHECKPOINT");
      SnapshotException e = stage.failure(sharing, CopyListener.silent());
      assertThat(e).hasMessage("the pool cannot share blocks with production");
      assertThat(e.detail()).contains("pg_tblspc", "tablespaces included");
    }
  }

  private static Path far(Path elsewhere) throws IOException {
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxr-xr-x"));
    return elsewhere.resolve("far");
  }

  private static void execute(RunningServer clone, String sql) throws SQLException {
    try (Connection connection =
            Sql.connect(clone.socket(), "postgres", "postgres", Duration.ofSeconds(30));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(RunningServer clone, String query) throws SQLException {
    try (Connection connection =
        Sql.connect(clone.socket(), "postgres", "postgres", Duration.ofSeconds(30))) {
      return Bank.number(connection, query);
    }
  }

  @Test
  void onZfsSnapshotsAreDatasetsAndSingleFilesNeverShareBlocks() throws Exception {
    try (ZfsFileSystem zfs = ZfsFileSystem.mount(2048)) {
      zfs.create("daemon");
      try (Stage stage = Stage.open(zfs.directory(), 18, Map.of())) {
        assertThat(stage.pool().describe()).isEqualTo("ZFS datasets");
        Path production = stage.production().dataDirectory();
        SourceType sharing = new SourceType.Directory(production, null, true);
        SnapshotException refused =
            catchThrowableOfType(
                SnapshotException.class,
                () ->
                    stage
                        .cutter()
                        .cut(stage.mirror(new Source("prod", sharing)), CopyListener.silent()));
        assertThat(refused.detail()).contains("single files is not safe");
        assertThat(refused.hint()).contains("Leave share-blocks out");

        Snapshot snapshot = stage.cutter().cut(stage.mirror(), CopyListener.silent());
        RunningServer clone = stage.startClone(snapshot);
        try (Connection connection =
            Sql.connect(clone.socket(), "postgres", "postgres", Duration.ofSeconds(30))) {
          assertThat(Bank.number(connection, "SELECT count(*) FROM pg_database")).isPositive();
        } finally {
          clone.stop(Duration.ofSeconds(30));
        }
        assertThat(stage.pool().usage(snapshot.data()).sharedBytes()).isPositive();
      }
    }
  }

  private static Path largest(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  private static boolean sharesAll(Path file) throws IOException {
    try (Directory directory = Directory.open(requireNonNull(file.getParent()));
        RegularFile opened = directory.file(file.getFileName().toString())) {
      return SharedBlocks.all(opened);
    }
  }

  @Test
  void rootConnectsAsTheOwnerOfTheDirectory(@TempDir Path parent) throws Exception {
    assumeTrue(Accounts.isRoot(), "only root can act as another user");
    Optional<Account> postgres = Accounts.byName("postgres");
    assumeTrue(postgres.isPresent(), "there is no operating system user postgres");
    ServerOptions options =
        ServerOptions.of(Stage.home(15))
            .withUid(postgres.get().uid())
            .withHba("local all postgres peer", "local all all reject");
    try (Stage stage = Stage.open(parent, options)) {
      Snapshot snapshot = stage.cutter().cut(stage.mirror(), CopyListener.silent());
      assertThat(snapshot.superuser()).isEqualTo("postgres");
      Object owner = Files.getAttribute(snapshot.data().resolve("base"), "unix:uid");
      assertThat(owner).isNotEqualTo(postgres.get().uid()).isNotEqualTo(0);
    }
  }

  @Test
  void minimalWalIsRefused(@TempDir Path parent) throws Exception {
    refuses(
        parent,
        Map.of("wal_level", "minimal", "max_wal_senders", "0"),
        SourceException.Kind.SETTINGS,
        "wal_level");
  }

  @Test
  void noSlotsAreRefused(@TempDir Path parent) throws Exception {
    refuses(
        parent, Map.of("max_replication_slots", "0"), SourceException.Kind.SETTINGS, "slot left");
  }

  @Test
  void aStandbyIsRefused(@TempDir Path parent) throws Exception {
    try (Stage stage = Stage.open(parent, 18, Map.of("primary_conninfo", "host=/nowhere"))) {
      stage.production().stop();
      Files.createFile(stage.production().dataDirectory().resolve("standby.signal"));
      stage.production().start();
      refuses(stage, SourceException.Kind.UNSUPPORTED, "standby");
    }
  }

  private static void refuses(
      Path parent, Map<String, String> settings, SourceException.Kind kind, String message)
      throws Exception {
    try (Stage stage = Stage.open(parent, 18, settings)) {
      refuses(stage, kind, message);
    }
  }

  private static void refuses(Stage stage, SourceException.Kind kind, String message) {
    SnapshotException e =
        catchThrowableOfType(
            SnapshotException.class,
            () -> stage.cutter().cut(stage.mirror(), CopyListener.silent()));
    assertThat(e).hasMessageContaining(message);
    assertThat(e.hint()).isNotBlank();
    assertThat(e.getCause())
        .isInstanceOfSatisfying(
            SourceException.class, cause -> assertThat(cause.kind()).isEqualTo(kind));
  }
}
