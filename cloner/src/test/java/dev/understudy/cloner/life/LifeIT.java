package dev.understudy.cloner.life;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of random operations against the real thing. {@code -Dunderstudy.life.operations=N}
 * sets how many, {@code -Dunderstudy.life.seed=N} takes one life again.
 */
@Timeout(3600)
final class LifeIT {
  private static final int OPERATIONS = Integer.getInteger("understudy.life.operations", 30);
  private static final long SEED = Long.getLong("understudy.life.seed", System.nanoTime());

  @ParameterizedTest
  @ValueSource(strings = {"btrfs", "xfs"})
  void contentIsAlwaysWhatItMustBe(String fileSystem) throws Exception {
    Path parent = Files.createTempDirectory(Path.of("/tmp"), "und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    Site site = Site.open(parent, fileSystem);
    try {
      Life life = new Life(SEED, site);
      try {
        life.live(OPERATIONS);
        life.end();
      } catch (Throwable e) {
        life.abandon();
        throw new AssertionError(
            "seed %d on %s:%n%s%n%s".formatted(SEED, fileSystem, life.story(), tail(site.log())),
            e);
      }
    } finally {
      site.close();
    }
  }

  private static String tail(Path log) throws Exception {
    var lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
  }
}
