package dev.understudy.cloner.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a life that failed. */
final class SeedsTest {
  private static final Seeds.Seed SEED = new Seeds.Seed(42, "xfs", 8);

  @Test
  void seedsAreKeptAmongTheSources(@TempDir Path module) throws Exception {
    Path sources =
        Files.createDirectories(module.resolve("src/test/resources/dev/understudy/cloner/life"));

    Path stories = Seeds.keep(module, SEED, "drop pr-1");
    Seeds.keep(module, new Seeds.Seed(43, "btrfs", 9), "undrop pr-1");

    assertThat(sources.resolve("failed.txt")).hasContent("42 xfs 8\n43 btrfs 9\n");
    assertThat(stories).content().contains("42 xfs 8", "drop pr-1", "undrop pr-1");
  }

  @Test
  void whereThereAreNoSourcesTheStoryIsKeptAllTheSame(@TempDir Path module) throws Exception {
    assertThat(Seeds.keep(module, SEED, "drop pr-1")).content().contains("42 xfs 8", "drop pr-1");
    assertThat(module.resolve("src")).doesNotExist();
  }
}
