package dev.understudy.cloner.life;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Thousands of random operations against the real thing. {@code -Dunderstudy.life.operations=N}
 * sets how many, {@code -Dunderstudy.life.seed=N} takes one life again.
 */
@Timeout(3600)
final class LifeIT {
  private static final int OPERATIONS = Integer.getInteger("understudy.life.operations", 30);
  private static final long SEED = Long.getLong("understudy.life.seed", System.nanoTime());

  static Stream<Seeds.Seed> lives() throws Exception {
    return Stream.concat(
        Seeds.kept().stream(),
        Stream.of("btrfs", "xfs").map(type -> new Seeds.Seed(SEED, type, OPERATIONS)));
  }

  @ParameterizedTest
  @MethodSource("lives")
  void contentIsAlwaysWhatItMustBe(Seeds.Seed seed) throws Exception {
    Path parent = Files.createTempDirectory(Path.of("/tmp"), "und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    Site site = Site.open(parent, seed.fileSystem());
    try {
      Life life = new Life(seed.number(), site);
      try {
        life.live(seed.operations());
        life.end();
      } catch (Throwable e) {
        life.abandon();
        String story = "%s%n%s".formatted(life.story(), tail(site.log()));
        throw new AssertionError(
            "%s, kept in %s:%n%s".formatted(seed, Seeds.keep(seed, story), story), e);
      }
    } finally {
      site.close();
    }
  }

  private static String tail(Path log) throws Exception {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
  }
}
