package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tablespaces that come, go or are missing while production is copied. */
class TablespaceFailureIT {
  @TempDir Path parent;
  private Stage stage;

  @BeforeEach
  void open() throws Exception {
    stage = Stage.open(parent, 18, Map.of());
    stage.place(parent.resolve("fast"));
    create();
  }

  @AfterEach
  void close() throws Exception {
    stage.close();
  }

  private void create() throws SQLException {
    stage.execute("CREATE TABLESPACE fast LOCATION '%s'".formatted(parent.resolve("fast")));
    stage.execute("CREATE TABLE t TABLESPACE fast AS SELECT generate_series(1, 1000) i");
  }

  @Test
  void oneIsDroppedMeanwhile() throws Exception {
    Snapshot snapshot =
        stage.cutter().cut(stage.mirror(), once("DROP TABLE t", "DROP TABLESPACE fast"));
    RunningServer clone = stage.startClone(snapshot);
    try (Connection connection =
        Sql.connect(clone.socket(), "postgres", "postgres", Duration.ofSeconds(30))) {
      assertThat(
              Bank.number(connection, "SELECT count(*) FROM pg_tablespace WHERE spcname = 'fast'"))
          .isZero();
    } finally {
      clone.stop(Duration.ofSeconds(30));
    }
  }

  @Test
  void oneIsCreatedMeanwhile() throws Exception {
    Path place = stage.place(parent.resolve("young"));
    SnapshotException e =
        stage.failure(
            stage.source(), once("CREATE TABLESPACE young LOCATION '%s'".formatted(place)));
    assertThat(e).hasMessage("a tablespace was created while production was copied");
    assertThat(e.detail()).isEqualTo("Tablespaces: young.");
    stage.nothingIsLeft();
    stage.slotsAreFree();
    assertThat(stage.cutter().cut(stage.mirror(), CopyListener.silent())).isNotNull();
  }

  /** Nobody can tell any more at the end of the copy that it was there; recovery can. */
  @Test
  void oneIsCreatedAndDroppedMeanwhile() throws Exception {
    Path place = stage.place(parent.resolve("young"));
    SnapshotException e =
        stage.failure(
            stage.source(),
            once(
                "CREATE TABLESPACE young LOCATION '%s'".formatted(place), "DROP TABLESPACE young"));
    assertThat(e).hasMessage("the copy of production did not become consistent");
    assertThat(e.detail()).contains("directory \"" + place + "\" does not exist");
    stage.nothingIsLeft();
  }

  /** As on a disk that is not mounted. */
  @Test
  void oneIsNotThere() throws Exception {
    Files.move(parent.resolve("fast"), parent.resolve("gone"));
    SnapshotException e = stage.failure(stage.source(), CopyListener.silent());
    assertThat(requireNonNull((SourceException) e.getCause()).kind())
        .isEqualTo(SourceException.Kind.DIRECTORY);
    assertThat(e.detail()).contains(parent.resolve("fast").toString());
    assertThat(e.hint()).isNotBlank();
    stage.nothingIsLeft();
  }

  /** Does it while the first file is copied. */
  private CopyListener once(String... statements) {
    AtomicBoolean done = new AtomicBoolean();
    return (files, bytes, total) -> {
      if (done.compareAndSet(false, true)) {
        try {
          for (String statement : statements) {
            stage.execute(statement);
          }
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }
}
