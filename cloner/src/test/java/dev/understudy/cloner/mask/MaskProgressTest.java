package dev.understudy.cloner.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.source.CopyListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MaskProgressTest {
  private static final long SIZE = 1_000_000;

  @TempDir private Path directory;
  private final BlockingQueue<List<Long>> heard = new LinkedBlockingQueue<>();
  private final MaskProgress progress = new MaskProgress(Path.of("/none"), listener());

  private CopyListener listener() {
    return new CopyListener() {
      @Override
      public void copied(long files, long bytes, long total) {}

      @Override
      public void masked(long tables, long bytes, long total) {
        heard.add(List.of(tables, bytes, total));
      }
    };
  }

  @Test
  void aTableIsAsFarAsItsDirectoryHasGrown() throws Exception {
    write("16384", SIZE);
    progress.during(
        SIZE,
        directory,
        () -> {
          await(0);
          write("16384", 2 * SIZE);
          await(SIZE / 2);
          write("16390", SIZE / 2);
          await(SIZE * 3 / 4);
          remove("16384");
          await(SIZE * 3 / 4);
          write("16384", 9 * SIZE);
          await(SIZE);
        });

    assertThat(last()).containsExactly(1L, SIZE, SIZE);
    progress.during(10, null, () -> {});
    assertThat(last()).containsExactly(2L, SIZE + 10, SIZE + 10);
  }

  @Test
  void aDirectoryThatCannotBeReadKeepsNothingFromBeingMasked() throws Exception {
    progress.during(SIZE, directory.resolve("none"), () -> {});

    assertThat(last()).containsExactly(1L, SIZE, SIZE);
  }

  @Test
  void aTableThatCouldNotBeMaskedIsNotTold() throws Exception {
    assertThatThrownBy(() ->
            progress.during(
                SIZE,
                directory,
                () -> {
                  throw new SQLException("no");
                }))
        .isInstanceOf(SQLException.class);
    assertThat(heard).isEmpty();
  }

  private List<Long> last() throws InterruptedException {
    List<Long> last = heard.take();
    while (!heard.isEmpty()) {
      last = heard.take();
    }
    return last;
  }

  /** The next that is told, what was told of the state before left out. */
  private void await(long bytes) {
    try {
      heard.clear();
      List<Long> told;
      do {
        told = heard.poll(10, TimeUnit.SECONDS);
        assertThat(told).as("nothing is told of " + bytes).isNotNull();
      } while (told.get(1) < bytes);
      assertThat(told).containsExactly(0L, bytes, SIZE);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void write(String file, long bytes) {
    try {
      Files.write(directory.resolve(file), new byte[(int) bytes]);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void remove(String file) {
    try {
      Files.delete(directory.resolve(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
