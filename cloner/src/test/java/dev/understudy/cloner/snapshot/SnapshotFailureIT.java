package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceCopy;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.Secret;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong, it is said, and nothing is left: no files, no server, no slot. */
class SnapshotFailureIT {
  @TempDir Path parent;
  private Stage stage;

  @BeforeEach
  void open() throws Exception {
    stage = Stage.open(parent, 18, Map.of("max_replication_slots", "1"));
  }

  @AfterEach
  void close() throws Exception {
    stage.close();
  }

  @Test
  void productionStopsInTheMidst() throws Exception {
    SnapshotException e =
        failure(
            stage.source(),
            once(() -> {
              try {
                stage.production().stop();
              } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
              }
            }));
    assertThat(e.kind()).isEqualTo(SnapshotException.Kind.SOURCE);
    assertThat(e).hasMessage("production's server ended the backup");
    assertThat(e.detail()).isNotBlank();
    nothingIsLeft();
    stage.production().start();
    assertThat(stage.cutter().cut(stage.mirror(), CopyListener.silent())).isNotNull();
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    assertThatThrownBy(() ->
            stage.cutter().cut(stage.mirror(), once(() -> Thread.currentThread().interrupt())))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    nothingIsLeft();
    slotsAreFree();
  }

  /** The checkpointer stands still, as on a disk that hangs. */
  @Test
  void anInterruptEndsTheWaitForProduction() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread cutter =
        Thread.ofPlatform()
            .unstarted(() ->
                failure.set(
                    catchThrowable(
                        () -> stage.cutter().cut(stage.mirror(), CopyListener.silent()))));
    String checkpointer = checkpointer();
    try (AutoCloseable _ = () -> LoopFileSystem.run("kill", "-CONT", checkpointer)) {
      LoopFileSystem.run("kill", "-STOP", checkpointer);
      cutter.start();
      waitForBackup(cutter);
      cutter.interrupt();
      assertThat(cutter.join(Duration.ofSeconds(60))).isTrue();
      assertThat(failure.get()).isInstanceOf(InterruptedException.class);
      nothingIsLeft();
    }
    slotsAreFree();
  }

  private String checkpointer() throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres")) {
      return Long.toString(
          Bank.number(
              connection, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"));
    }
  }

  private void waitForBackup(Thread cutter) throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres")) {
      String waiting =
          "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_backup_start%'"
              + " AND wait_event LIKE 'Checkpoint%'";
      while (Bank.number(connection, waiting) == 0) {
        assertThat(cutter.isAlive()).as("the cutter waits for production").isTrue();
      }
    }
  }

  @Test
  void thePoolBecomesFull() throws Exception {
    try (LoopFileSystem small = LoopFileSystem.mount("ext4", 24)) {
      Pool pool = new BoastfulPool(PoolProbe.choose(small.directory()).pool());
      SnapshotStore store = SnapshotStore.open(small.directory(), pool, stage.servers());
      SnapshotException e =
          catchThrowableOfType(
              SnapshotException.class,
              () ->
                  stage
                      .cutter(pool, store)
                      .cut(stage.mirror(stage.source(), pool), CopyListener.silent()));
      assertThat(e.kind()).isEqualTo(SnapshotException.Kind.SPACE);
      assertThat(e.detail()).contains("No space left on device");
      assertThat(small.directory().resolve("snapshots")).isEmptyDirectory();
      slotsAreFree();
      Pool honest = PoolProbe.choose(small.directory()).pool();
      SnapshotException before =
          catchThrowableOfType(
              SnapshotException.class,
              () ->
                  stage
                      .cutter(honest, store)
                      .cut(stage.mirror(stage.source(), honest), CopyListener.silent()));
      assertThat(before.kind()).isEqualTo(SnapshotException.Kind.SPACE);
      assertThat(before).hasMessageContaining("no room");
    }
  }

  @Test
  void aMissingSegmentOfWalIsNotRecoveredFromSilently() throws Exception {
    Path directory = stage.store().begin(Instant.now());
    stage.pool().create(directory.resolve("data"));
    SourceCopy copy =
        stage.mirror().copyInto(directory.resolve("data"), once(this::writeAndSwitchWal));
    List<Path> segments;
    try (var files = Files.list(directory.resolve("data/pg_wal"))) {
      segments = files.sorted().toList();
    }
    assertThat(segments).hasSizeGreaterThan(1);
    Files.delete(segments.getLast());
    SnapshotServer server =
        new SnapshotServer(
            stage.servers(),
            stage.binaries(18).orElseThrow(),
            directory,
            stage.store().socketDirectory(directory),
            new Preparation(List.of()));
    SnapshotException e =
        catchThrowableOfType(SnapshotException.class, () -> server.recoverAndPrepare(copy));
    assertThat(e.kind()).isEqualTo(SnapshotException.Kind.RECOVERY);
    assertThat(e.detail()).contains("WAL ends before end of online backup");
    stage.store().discard(directory);
    nothingIsLeft();
  }

  @Test
  void aStepThatRefusesKeepsTheSnapshotFromBeing() throws Exception {
    stage.prepareBy(copy -> {
      throw new PreparationException("this may not be", "this row", "Change it.", null);
    });
    SnapshotException e =
        catchThrowableOfType(
            SnapshotException.class,
            () -> stage.cutter().cut(stage.mirror(), CopyListener.silent()));
    assertThat(e.kind()).isEqualTo(SnapshotException.Kind.PREPARATION);
    assertThat(e).hasMessage("this may not be");
    assertThat(e.detail()).isEqualTo("this row");
    assertThat(e.hint()).isEqualTo("Change it.");
    nothingIsLeft();
  }

  @Test
  void theDirectoryIsNone() throws Exception {
    assertThat(kind(source(parent.resolve("nowhere"), null)))
        .isEqualTo(SourceException.Kind.DIRECTORY);
    assertThat(kind(source(Files.createDirectory(parent.resolve("empty")), null)))
        .isEqualTo(SourceException.Kind.DIRECTORY);
    nothingIsLeft();
  }

  @Test
  void theServerIsAnother() throws Exception {
    Path copy = parent.resolve("copy");
    LoopFileSystem.run("cp", "-a", stage.production().dataDirectory().toString(), copy.toString());
    assertThat(kind(source(copy, null))).isEqualTo(SourceException.Kind.OTHER_SERVER);
    stage.production().stop();
    Files.delete(copy.resolve("postmaster.pid"));
    assertThat(kind(source(copy, null))).isEqualTo(SourceException.Kind.NOT_RUNNING);
    assertThat(kind(stage.source())).isEqualTo(SourceException.Kind.NOT_RUNNING);
    nothingIsLeft();
  }

  @Test
  void theUrlIsWrong() throws Exception {
    Path directory = stage.production().dataDirectory();
    assertThat(kind(source(directory, "mysql://secret")))
        .isEqualTo(SourceException.Kind.CONNECTION);
    SnapshotException e =
        failure(source(directory, "postgresql://nobody:secret@/x"), CopyListener.silent());
    assertThat(e.detail()).contains("nobody").doesNotContain("secret");
    assertThat(e.hint()).contains("postgresql://understudy:PASSWORD@localhost:5432/postgres");
    nothingIsLeft();
  }

  @Test
  void theRoleMayNot() throws Exception {
    execute("CREATE ROLE \"Dr. No\" LOGIN");
    Source source = source(stage.production().dataDirectory(), "postgresql://Dr.%20No@/postgres");
    SnapshotException e = failure(source, CopyListener.silent());
    assertThat(((SourceException) requireNonNull(e.getCause())).kind())
        .isEqualTo(SourceException.Kind.PRIVILEGES);
    String grants = requireNonNull(e.hint()).replaceFirst("^[^:]*: ", "");
    execute(grants);
    assertThat(stage.cutter().cut(stage.mirror(source), CopyListener.silent()).roles())
        .extracting(Snapshot.Role::name)
        .contains("Dr. No");
  }

  @Test
  void thereIsNoSlot() throws Exception {
    execute("SELECT pg_create_physical_replication_slot('taken')");
    assertThat(kind(stage.source())).isEqualTo(SourceException.Kind.SETTINGS);
  }

  @Test
  void thereAreTablespaces() throws Exception {
    Path place = Files.createDirectory(parent.resolve("place"));
    if (Accounts.isRoot()) {
      Files.setAttribute(
          place, "unix:uid", Files.getAttribute(stage.production().dataDirectory(), "unix:uid"));
    }
    execute("CREATE TABLESPACE elsewhere LOCATION '" + place + "'");
    SnapshotException e = failure(stage.source(), CopyListener.silent());
    assertThat(e.detail()).contains("elsewhere");
    execute("DROP TABLESPACE elsewhere");
  }

  @Test
  void blocksCannotBeShared() throws Exception {
    SnapshotException e =
        failure(
            new Source(
                "prod", new SourceType.Directory(stage.production().dataDirectory(), null, true)),
            CopyListener.silent());
    assertThat(e).hasMessage("the pool cannot share blocks with production");
    nothingIsLeft();
    slotsAreFree();
  }

  @Test
  void aLinkedWalDirectoryIsFollowedAndALinkedTableIsNot() throws Exception {
    Path data = stage.production().dataDirectory();
    stage.production().stop();
    Path wal = parent.resolve("wal");
    Files.move(data.resolve("pg_wal"), wal);
    Files.createSymbolicLink(data.resolve("pg_wal"), wal);
    stage.production().start();
    Snapshot snapshot = stage.cutter().cut(stage.mirror(), CopyListener.silent());
    assertThat(Files.isSymbolicLink(snapshot.data().resolve("pg_wal"))).isFalse();
    stage.store().delete(snapshot);
    Files.createSymbolicLink(data.resolve("base/1/99999"), Path.of("/etc/shadow"));
    SnapshotException e = failure(stage.source(), CopyListener.silent());
    assertThat(e.detail()).contains("99999 is a symbolic link");
    nothingIsLeft();
  }

  @Test
  void whatIsHalfMadeGoesAtTheNextStart() throws Exception {
    Snapshot whole = stage.cutter().cut(stage.mirror(), CopyListener.silent());
    Path half = stage.store().begin(Instant.now());
    stage.pool().copy(whole.data(), half.resolve("data"));
    SnapshotStore again =
        SnapshotStore.open(stage.workbench().directory(), stage.pool(), stage.servers());
    assertThat(again.all()).containsExactly(whole);
    assertThat(again.newest("prod")).contains(whole);
    assertThat(half).doesNotExist();
    again.delete(whole);
    assertThat(again.all()).isEmpty();
    nothingIsLeft();
  }

  private Source source(Path directory, @Nullable String url) {
    return new Source(
        "prod", new SourceType.Directory(directory, url == null ? null : new Secret(url), false));
  }

  private SourceException.Kind kind(Source source) {
    SnapshotException e = failure(source, CopyListener.silent());
    assertThat(e.hint()).isNotBlank();
    assertThat(e.detail()).isNotBlank();
    System.out.println(e.getMessage() + " | " + e.detail() + " | " + e.hint());
    return ((SourceException) requireNonNull(e.getCause())).kind();
  }

  private SnapshotException failure(Source source, CopyListener listener) {
    return catchThrowableOfType(
        SnapshotException.class, () -> stage.cutter().cut(stage.mirror(source), listener));
  }

  private static CopyListener once(Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    return (files, bytes, total) -> {
      if (done.compareAndSet(false, true)) {
        action.run();
      }
    };
  }

  private void writeAndSwitchWal() {
    try {
      execute("CREATE TABLE written AS SELECT generate_series(1, 1000) i");
      execute("SELECT pg_switch_wal()");
      execute("INSERT INTO written VALUES (1)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void execute(String statements) throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  private void slotsAreFree() throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres")) {
      long deadline = System.nanoTime() + 10_000_000_000L;
      while (Bank.number(connection, "SELECT count(*) FROM pg_replication_slots") > 0) {
        assertThat(System.nanoTime()).as("the slot is still there").isLessThan(deadline);
      }
    }
  }

  private void nothingIsLeft() {
    assertThat(stage.snapshots()).isEmptyDirectory();
    assertThat(stage.workbench().directory().resolve("run")).isEmptyDirectory();
    assertThat(stage.servers().killAllBelow(stage.snapshots())).isZero();
  }
}
