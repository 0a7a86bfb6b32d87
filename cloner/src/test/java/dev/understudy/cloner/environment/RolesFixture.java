package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.CloneRole;
import dev.understudy.cloner.clone.CloneRoles;
import dev.understudy.cloner.clone.RoleReading;
import dev.understudy.cloner.fake.FakeSnapshots;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Environments whose servers tell their roles when they are asked. */
abstract class RolesFixture extends BenchFixture {
  static final CloneRole APP = new CloneRole("app", true, true, null, null);
  static final CloneRole FRESH =
      new CloneRole(
          "fresh", true, false, "md5" + "0".repeat(32), Instant.parse("2030-01-01T00:00:00Z"));

  /** When each reading took place. */
  final List<Instant> readings = new CopyOnWriteArrayList<>();

  volatile List<CloneRole> said = List.of(APP);
  volatile @Nullable SQLException silence;

  @BeforeEach
  void letRolesBeRead() throws Exception {
    bench.newest = Optional.of(FakeSnapshots.withReplacedPasswords(bench.directory, "s1"));
    bench.roles =
        clone -> {
          readings.add(bench.clock.instant());
          SQLException failure = silence;
          if (failure != null) {
            throw failure;
          }
          return new RoleReading(new CloneRoles(clone.id(), "prod", said), 0, false);
        };
  }

  /** Its clone was read once, so that the next reading may begin at once. */
  EnvironmentSession openAndSettle(String name) throws Exception {
    EnvironmentSession session = bench.open(name);
    awaitReadings(readings.size() + 1);
    passWithoutReading();
    Await.soon(() -> bench.environments.roles(name).isPresent());
    return session;
  }

  Optional<CloneRole> known(String environment, String role) {
    return bench.environments.roles(environment).flatMap(roles -> roles.role(role));
  }

  Path clone(String environment) {
    return bench
        .directory
        .resolve("clones")
        .resolve(bench.environments.target(environment).orElseThrow().id());
  }

  void awaitReadings(int count) throws Exception {
    Await.soon(() -> {
      step(Duration.ofMillis(100));
      return readings.size() >= count;
    });
    assertThat(readings).hasSize(count);
    bench.settle();
  }

  void passWithoutReading() throws Exception {
    int before = readings.size();
    for (int i = 0; i < 100; i++) {
      bench.alarms.advance(Duration.ofMillis(200));
      Thread.sleep(1);
    }
    assertThat(readings).hasSize(before);
  }

  /** Readings run on threads of their own. */
  void step(Duration duration) throws Exception {
    bench.alarms.advance(duration);
    Thread.sleep(2);
  }

  /** Waits for what other threads do. */
  static final class Await {
    static void soon(Callable<Boolean> condition) throws Exception {
      long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (!condition.call()) {
        assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
        Thread.sleep(1);
      }
    }
  }
}
