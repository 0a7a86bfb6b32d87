package dev.understudy.cloner.life;

import dev.understudy.embedded.DirectoryTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Thousands of random operations against the real thing: those of the lives that are kept in {@code
 * seeds.txt}, and new ones. {@code -Dunderstudy.life.operations=N} sets how many, {@code
 * -Dunderstudy.life.seed=N} takes one life again.
 */
@Timeout(7200)
final class LifeIT {
  private static final int OPERATIONS = Integer.getInteger("understudy.life.operations", 8);
  private static final long SEED = Long.getLong("understudy.life.seed", System.nanoTime());

  static Stream<Seeds.Seed> lives() throws Exception {
    return Stream.concat(
        Seeds.kept().stream(),
        Stream.of("btrfs", "xfs").map(type -> new Seeds.Seed(SEED, type, OPERATIONS)));
  }

  @ParameterizedTest
  @MethodSource("lives")
  void contentIsAlwaysWhatItMustBe(Seeds.Seed seed) throws Exception {
    Path parent = Files.createTempDirectory("und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    Site site = Site.open(parent, seed.fileSystem());
    try {
      Life life = new Life(seed.number(), site);
      try {
        long began = System.nanoTime();
        int steps = life.live(seed.operations());
        life.end();
        System.out.printf(
            "%s: %d steps, %.1f operations a second%n",
            seed, steps, seed.operations() * 1e9 / (System.nanoTime() - began));
      } catch (Throwable e) {
        life.abandon();
        String story = "%s%n%s".formatted(life.story(), tail(site.log()));
        throw new AssertionError(
            "%s, kept in %s:%n%s".formatted(seed, Seeds.keep(Path.of(""), seed, story), story), e);
      }
    } finally {
      site.close();
      DirectoryTree.delete(parent);
    }
  }

  private static String tail(Path log) throws Exception {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
  }
}
