package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.StepListener;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * One prepared directory for all tests of a class, on which each has a daemon that leaves nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
abstract class StageFixture {
  private @Nullable StagePlace place;
  private Path directory = Path.of("");
  private @Nullable Stage last;

  StagePlace newPlace() throws Exception {
    return StagePlace.plain();
  }

  @BeforeAll
  final void prepareDirectory() throws Exception {
    place = newPlace();
    directory = Stage.prepare(place.directory());
  }

  @AfterAll
  final void destroyDirectory() throws Exception {
    if (place != null) {
      Stage.destroy(directory);
      place.remove();
    }
  }

  /** What the data directory lies in. */
  final Path parent() {
    return requireNonNull(place, "no place").directory();
  }

  final Path directory() {
    return directory;
  }

  /** The last one of a test is emptied and ended after it. */
  final Stage open(List<EnvironmentPolicy> policies, StepListener steps) throws Exception {
    Stage opened = Stage.open(directory, policies, steps);
    last = opened;
    return opened;
  }

  final Stage open(EnvironmentPolicy... policies) throws Exception {
    return open(List.of(policies), StepListener.NONE);
  }

  /** Throw-away environments {@code pr-*}, and {@code staging}, which is kept. */
  final Stage open(Duration dropAfter, StepListener steps) throws Exception {
    return open(Stage.policies(dropAfter), steps);
  }

  static EnvironmentPolicy policy(String pattern) {
    return new EnvironmentPolicy(new NamePattern(pattern), "prod", null, Duration.ofDays(3));
  }

  @AfterEach
  final void dropAll() throws Exception {
    Stage daemon = last;
    last = null;
    if (daemon != null) {
      for (EnvironmentStatus status : daemon.environments.list()) {
        await(daemon.environments.drop(status.name()));
      }
      await(daemon.service.settled());
      assertThat(daemon.clones.awaitRemovals(Stage.PATIENCE)).isTrue();
      for (String part : List.of("clones", "run", "environments", "hooks")) {
        assertThat(daemon.files(part)).as(part).isEmpty();
      }
      assertThat(daemon.killAll()).isZero();
      daemon.close();
    }
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(Stage.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
