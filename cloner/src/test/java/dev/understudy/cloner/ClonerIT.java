package dev.understudy.cloner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.Programs;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.pool.Usage;
import dev.understudy.cloner.pool.image.ImageType;
import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.cloner.pool.image.PoolPlan;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.config.Settings;
import dev.understudy.embedded.DirectoryTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The whole cloner in front of a live production. */
final class ClonerIT extends ClonerFixture {
  private static @Nullable Instant dataTime(Cloner cloner, String environment) {
    return cloner.environments().stream()
        .filter(status -> status.name().equals(environment))
        .findFirst()
        .orElseThrow()
        .dataTime();
  }

  @Test
  void fromProductionToEnvironmentsAndBack() throws Exception {
    Settings settings = settings();
    try (Cloner cloner = Cloner.open(settings)) {
      assertThat(cloner.snapshots())
          .singleElement()
          .satisfies(s -> assertThat(s.databases()).extracting("name").contains("shop"));
      EnvironmentSession session =
          cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS);
      assertThat(session.creation()).isPresent();
      assertThat(count(session)).isEqualTo(1000);

      assertThatExceptionOfType(ClonerException.class)
          .isThrownBy(() -> Cloner.open(settings))
          .withMessageContaining("in use by this process");
    }

    Cloner next = Cloner.open(settings);
    try {
      assertThat(next.environments())
          .singleElement()
          .satisfies(e -> assertThat(e.running()).isTrue());
      next.shutdown();
      next = Cloner.open(settings);
      assertThat(next.environments())
          .singleElement()
          .satisfies(e -> assertThat(e.running()).isFalse());
      assertThat(count(next.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS)))
          .isEqualTo(1000);
      assertThat(next.drop("pr-1").get(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      next.close();
    }
    DirectoryTree.delete(settings.dataDirectory());
  }

  @Test
  void newSnapshotMovesThoseThatFollow() throws Exception {
    Settings settings = settings();
    try (Cloner cloner = Cloner.open(settings)) {
      EnvironmentSession kept =
          cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS);
      EnvironmentSession old =
          cloner.open(new EnvironmentRequest("staging", "shop")).get(60, TimeUnit.SECONDS);
      try (Connection pooled = Sql.connect(old.socket(), "shop", "app", Duration.ofSeconds(20))) {
        old.activity();
        try (Connection connection = production().connect("shop", "app");
            Statement statement = connection.createStatement()) {
          statement.execute("INSERT INTO t SELECT * FROM t LIMIT 1");
        }
        Instant cut = cloner.cutSnapshot("prod").get(60, TimeUnit.SECONDS).dataTime();
        while (!cut.equals(dataTime(cloner, "staging"))) {
          Thread.sleep(20);
        }
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> {
              // The name points elsewhere first; then the old server ends.
              while (true) {
                pooled.createStatement().execute("SELECT 1");
                Thread.sleep(20);
              }
            });
      }
      EnvironmentSession moved =
          cloner.open(new EnvironmentRequest("staging", "shop")).get(60, TimeUnit.SECONDS);
      assertThat(moved.creation()).isEmpty();
      assertThat(count(moved)).isEqualTo(1001);
      assertThat(count(kept)).isEqualTo(1000);
      assertThat(cloner.drop("staging").get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(cloner.drop("pr-1").get(60, TimeUnit.SECONDS)).isTrue();
    }
    DirectoryTree.delete(settings.dataDirectory());
  }

  @Test
  void poolInAnImageIsMountedAtTheStartAndEnvironmentsInItCostNextToNothing() throws Exception {
    assumeTrue(Accounts.isRoot(), "mounting a file system takes root");
    assumeTrue(Programs.find("mkfs.btrfs").isPresent(), "mkfs.btrfs is not installed");
    Settings settings = settings();
    Path data = settings.dataDirectory();
    PoolImage.create(PoolPlan.image(data, 2L << 30, ImageType.BTRFS));
    try {
      try (Cloner cloner = Cloner.open(settings)) {
        cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS);
        Usage snapshot = cloner.usage(cloner.snapshots().getFirst());
        Usage clone = cloner.usage("pr-1").orElseThrow();
        System.out.println("snapshot: " + snapshot + "; environment: " + clone);
        assertThat(snapshot.sharedBytes()).isGreaterThan(20L << 20);
        assertThat(clone.sharedBytes()).isGreaterThan(20L << 20);
        assertThat(clone.exclusiveBytes()).isBetween(1L, 1L << 20);
        assertThat(cloner.usage("pr-2")).isEmpty();
        cloner.shutdown();
      }
      LoopFileSystem.run("umount", data.toString());

      try (Cloner cloner = Cloner.open(settings)) {
        assertThat(
                count(
                    cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS)))
            .isEqualTo(1000);
        cloner.shutdown();
      }
    } finally {
      PoolImage.remove(data);
      Files.deleteIfExists(data);
    }
  }
}
