package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server answers that says it serves this very path and is of this very cluster, and yet has its
 * files elsewhere, as on another host.
 */
class OtherServerIT {
  @TempDir Path parent;
  private Stage stage;
  private Path data;
  private Path real;

  @BeforeEach
  void open() throws Exception {
    stage = Stage.open(parent, 18, Map.of());
    data = stage.production().dataDirectory();
    real = data.resolveSibling("real");
  }

  @AfterEach
  void close() throws Exception {
    if (Files.exists(real)) {
      LoopFileSystem.run("rm", "-r", data.toString());
      Files.move(real, data);
    }
    stage.close();
  }

  @Test
  void aServerThatWasStartedAtAnotherTime() throws Exception {
    replaceBy(copy());
    Path file = data.resolve("postmaster.pid");
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(2, Long.toString(Long.parseLong(lines.get(2)) - 3600));
    Files.write(file, lines);
    assertThat(refused(SourceException.Kind.OTHER_SERVER)).contains("started at");
  }

  @Test
  void aDirectoryThatIsNotInProduction() throws Exception {
    stage.production().stop();
    Path copy = copy();
    stage.production().start();
    Files.copy(data.resolve("postmaster.pid"), copy.resolve("postmaster.pid"));
    replaceBy(copy);
    assertThat(refused(SourceException.Kind.NOT_RUNNING)).contains("SHUT_DOWN");
  }

  private Path copy() throws Exception {
    Path copy = data.resolveSibling("copy");
    LoopFileSystem.run("cp", "-a", data.toString(), copy.toString());
    return copy;
  }

  /** Production's server keeps its files: it lives in its directory, and needs no path to it. */
  private void replaceBy(Path copy) throws Exception {
    Files.move(data, real);
    Files.move(copy, data);
  }

  private String refused(SourceException.Kind kind) {
    SnapshotException e =
        catchThrowableOfType(
            SnapshotException.class,
            () -> stage.cutter().cut(stage.mirror(), CopyListener.silent()));
    assertThat(e.getCause())
        .isInstanceOfSatisfying(
            SourceException.class, cause -> assertThat(cause.kind()).isEqualTo(kind));
    assertThat(stage.snapshots()).isEmptyDirectory();
    return String.valueOf(e.detail());
  }
}
