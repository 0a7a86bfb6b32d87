package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.config.Access;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spares with real servers, on a btrfs that is too small for everything. */
@Timeout(180)
final class SparesIT {
  private static final long MIB = 1L << 20;

  @Test
  void aSpareServesAndGivesItsRoomBack() throws Exception {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount("btrfs", 2048)) {
      Path directory = Stage.prepare(fileSystem.directory());
      try {
        Stage daemon =
            Stage.open(
                directory,
                List.of(
                    new EnvironmentPolicy(
                        new NamePattern("pr-*"), "prod", null, Duration.ofDays(3)),
                    // Its server needs a start of its own.
                    new EnvironmentPolicy(new NamePattern("reader"), "prod", null, null)
                        .with(Access.READ_ONLY)),
                Duration.ZERO,
                Map.of("prod", 1),
                StepListener.NONE);
        try {
          Path first = awaitSpare(daemon);
          EnvironmentSession session = daemon.session("pr-1");
          assertThat(Stage.query(session, "SELECT count(*) FROM t")).isEqualTo(200_000);
          assertThat(session.creation().orElseThrow().total()).isZero();
          assertThat(daemon.files("clones")).contains(first);

          Path spare = awaitSpare(daemon);
          fill(spare.resolve("data/filler"), daemon.pool.freeBytes() - 100 * MIB);
          assertThat(daemon.clones.hasRoom(0)).isFalse();
          assertThat(Stage.query(daemon.session("reader"), "SELECT count(*) FROM t"))
              .isEqualTo(200_000);
          assertThat(Files.exists(spare)).isFalse();
          assertThat(Stage.query(session, "SELECT count(*) FROM t")).isEqualTo(200_000);
          session.close();
          for (EnvironmentStatus status : daemon.environments.list()) {
            daemon.environments.drop(status.name()).get(60, TimeUnit.SECONDS);
          }
        } finally {
          daemon.close();
        }
        assertThat(daemon.killAll()).isZero();
      } finally {
        Stage.destroy(directory);
      }
    }
  }

  @Test
  void aSpareIsMadeDurableForWhoNeedsThat() throws Exception {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount("btrfs", 2048)) {
      Path directory = Stage.prepare(fileSystem.directory());
      try {
        Stage daemon =
            Stage.open(directory, Duration.ofDays(3), Map.of("prod", 1), StepListener.NONE);
        Path spare;
        try {
          spare = awaitSpare(daemon);
          assertThat(spare.resolve("data/base/5/pg_internal.init")).exists();
          EnvironmentSession session = daemon.session("staging");
          assertThat(session.creation().orElseThrow().total()).isZero();
          assertThat(daemon.environments.target("staging").orElseThrow().isDurable()).isTrue();
          assertThat(Stage.text(session, "SHOW fsync")).isEqualTo("on");
          assertThat(Stage.text(session, "SHOW full_page_writes")).isEqualTo("on");
          assertThat(Stage.text(session, "SELECT full_page_writes FROM pg_control_checkpoint()"))
              .isEqualTo("t");
          Stage.execute(session, "CREATE TABLE mine AS SELECT 1");
        } finally {
          daemon.killAll();
          daemon.close();
        }
        assertThat(Files.readString(spare.resolve("clone.json")))
            .contains("\"durable\" : true")
            .contains("\"unsyncedBoot\" : null");
        try (Stage next = Stage.open(directory)) {
          assertThat(Stage.query(next.session("staging"), "SELECT count(*) FROM mine")).isOne();
          next.killAll();
        }
      } finally {
        Stage.destroy(directory);
      }
    }
  }

  private static Path awaitSpare(Stage daemon) throws Exception {
    long deadline = System.nanoTime() + Stage.PATIENCE.toNanos();
    while (daemon.service.spares().isEmpty()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(50);
    }
    String id = daemon.service.spares().getFirst().id();
    return daemon.files("clones").stream().filter(path -> path.endsWith(id)).findFirst().get();
  }

  private static void fill(Path file, long bytes) throws IOException {
    byte[] block = new byte[(int) MIB];
    new Random(1).nextBytes(block); // not to be compressed
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long written = 0; written < bytes; written += MIB) {
        out.write(block);
      }
    }
    LoopFileSystem.run("sync", "-f", file.toString());
  }
}
