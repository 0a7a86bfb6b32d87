package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.MinFree;
import dev.understudy.config.Secret;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a source is said, and nothing is left. */
class SourceFailureIT {
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
  void theDirectoryIsNone() throws Exception {
    assertThat(kind(source(parent.resolve("nowhere"), null)))
        .isEqualTo(SourceException.Kind.DIRECTORY);
    assertThat(kind(source(Files.createDirectory(parent.resolve("empty")), null)))
        .isEqualTo(SourceException.Kind.DIRECTORY);
    stage.nothingIsLeft();
  }

  @Test
  void whatIsToStayFreeIsNotRoomForACopy() throws Exception {
    Path directory = stage.workbench().directory();
    MinFree all = new MinFree.Size(stage.pool().freeBytes() - (100L << 20));
    Pool pool = PoolProbe.choose(directory, () -> all).pool();
    Path tree = directory.resolve("snapshots/tree");
    pool.create(tree);
    try {
      SourceException e =
          catchThrowableOfType(
              SourceException.class,
              () -> stage.mirror(stage.source(), pool).copyInto(tree, CopyListener.silent()));
      assertThat(e.kind()).isEqualTo(SourceException.Kind.SPACE);
      assertThat(e.detail()).contains("have to stay free (pool.min-free)");
    } finally {
      pool.delete(tree);
    }
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
    stage.nothingIsLeft();
  }

  @Test
  void theUrlIsWrong() throws Exception {
    Path directory = stage.production().dataDirectory();
    assertThat(kind(source(directory, "mysql://secret")))
        .isEqualTo(SourceException.Kind.CONNECTION);
    SnapshotException e =
        stage.failure(source(directory, "postgresql://nobody:secret@/x"), CopyListener.silent());
    assertThat(e.detail()).contains("nobody").doesNotContain("secret");
    assertThat(e.hint()).contains("postgresql://understudy:PASSWORD@localhost:5432/postgres");
    stage.nothingIsLeft();
  }

  @Test
  void theRoleMayNot() throws Exception {
    stage.execute("CREATE ROLE \"Dr. No\" LOGIN");
    Source source = source(stage.production().dataDirectory(), "postgresql://Dr.%20No@/postgres");
    SnapshotException e = stage.failure(source, CopyListener.silent());
    assertThat(((SourceException) requireNonNull(e.getCause())).kind())
        .isEqualTo(SourceException.Kind.PRIVILEGES);
    String grants = requireNonNull(e.hint()).replaceFirst("^[^:]*: ", "");
    stage.execute(grants);
    assertThat(stage.cutter().cut(stage.mirror(source), CopyListener.silent()).roles())
        .extracting(Snapshot.Role::name)
        .contains("Dr. No");
  }

  @Test
  void thereIsNoSlot() throws Exception {
    stage.execute("SELECT pg_create_physical_replication_slot('taken')");
    assertThat(kind(stage.source())).isEqualTo(SourceException.Kind.SETTINGS);
  }

  @Test
  void blocksCannotBeShared() throws Exception {
    SnapshotException e =
        stage.failure(
            new Source(
                "prod", new SourceType.Directory(stage.production().dataDirectory(), null, true)),
            CopyListener.silent());
    assertThat(e).hasMessage("the pool cannot share blocks with production");
    stage.nothingIsLeft();
    stage.slotsAreFree();
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
    SnapshotException e = stage.failure(stage.source(), CopyListener.silent());
    assertThat(e.detail()).contains("99999 is a symbolic link");
    stage.nothingIsLeft();
  }

  private Source source(Path directory, @Nullable String url) {
    return new Source(
        "prod", new SourceType.Directory(directory, url == null ? null : new Secret(url), false));
  }

  private SourceException.Kind kind(Source source) {
    SnapshotException e = stage.failure(source, CopyListener.silent());
    assertThat(e.hint()).isNotBlank();
    assertThat(e.detail()).isNotBlank();
    System.out.println(e.getMessage() + " | " + e.detail() + " | " + e.hint());
    return ((SourceException) requireNonNull(e.getCause())).kind();
  }
}
