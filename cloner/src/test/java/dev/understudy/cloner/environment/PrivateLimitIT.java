package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a real server writes is measured as a file system has it. */
@Timeout(180)
final class PrivateLimitIT {
  private static final long LIMIT = 64L << 20;
  private static final Duration PATIENCE = PrivateLimit.FRESH.plusSeconds(20);

  @Test
  void whoHasWrittenTooMuchIsRefusedUntilThereIsLess() throws Exception {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount("btrfs", 1536)) {
      Path directory = Stage.prepare(fileSystem.directory());
      try {
        EnvironmentPolicy policy =
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", null, Duration.ofDays(3))
                .with(new Resources(null, null, null, null, LIMIT));
        try (Stage daemon = Stage.open(directory, List.of(policy), StepListener.NONE)) {
          Stage.query(daemon.session("pr-small"), "SELECT count(*) FROM t");
          sleep(daemon, "pr-small");
          Stage.query(daemon.session("pr-small"), "SELECT count(*) FROM t");

          Stage.execute(daemon.session("pr-big"), "SELECT 1");
          Path filler =
              directory
                  .resolve("clones")
                  .resolve(daemon.environments.target("pr-big").orElseThrow().id())
                  .resolve("data/filler");
          LoopFileSystem.run("dd", "if=/dev/urandom", "of=" + filler, "bs=1M", "count=80");
          sleep(daemon, "pr-big");
          EnvironmentUnavailable refusal = await(daemon, true);
          assertThat(refusal).isNotNull();
          assertThat(refusal.sqlState()).isEqualTo("53100");
          assertThat(refusal.detail().orElseThrow()).contains("private-limit");

          LoopFileSystem.run("rm", filler.toString());
          assertThat(await(daemon, false)).isNull();
          assertThat(Stage.query(daemon.session("pr-big"), "SELECT count(*) FROM t"))
              .isEqualTo(200_000);
        }
      } finally {
        Stage.destroy(directory);
      }
    }
  }

  private static void sleep(Stage daemon, String name) throws Exception {
    assertThat(daemon.environments.suspend(name, true).get(60, TimeUnit.SECONDS)).isTrue();
  }

  /** Why the big one refuses, once it does or does no more; null: it does not. */
  private static @Nullable EnvironmentUnavailable await(Stage daemon, boolean refuses)
      throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      EnvironmentUnavailable refusal = null;
      try {
        daemon.session("pr-big").close();
      } catch (ExecutionException e) {
        refusal = (EnvironmentUnavailable) requireNonNull(e.getCause());
      }
      if ((refusal != null) == refuses || System.nanoTime() - deadline > 0) {
        return refusal;
      }
      Thread.sleep(200);
    }
  }
}
