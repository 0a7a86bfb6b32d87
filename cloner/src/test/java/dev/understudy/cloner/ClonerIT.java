package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.Programs;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.pool.Usage;
import dev.understudy.cloner.pool.image.ImageType;
import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.cloner.pool.image.PoolPlan;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.MinFree;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.embedded.DirectoryTree;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole cloner in front of a live production. */
@Timeout(300)
final class ClonerIT {
  private Path parent = Path.of("");
  private @Nullable EmbeddedPostgres production;

  @BeforeEach
  void startProduction() throws Exception {
    parent = Files.createTempDirectory("und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    EmbeddedPostgres made =
        EmbeddedPostgres.create(
            parent.resolve("production"), ServerOptions.of(Workbench.embedded()));
    production = made;
    try (Connection connection = made.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE app LOGIN PASSWORD 'secret'");
      statement.execute("CREATE DATABASE shop OWNER app");
    }
    try (Connection connection = made.connect("shop", "app");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i");
    }
  }

  @AfterEach
  void stopProduction() throws Exception {
    if (production != null) {
      production.close();
    }
    Files.deleteIfExists(parent);
  }

  private Settings settings() throws Exception {
    Path directory = parent.resolve("production/data");
    return new Settings(
        parent.resolve("d"),
        Settings.Isolation.REQUIRED,
        null,
        new Listen("127.0.0.1", 0, 10, Duration.ofSeconds(10), Duration.ofSeconds(60)),
        List.of(Settings.CredentialSource.PRODUCTION),
        false,
        Map.of(),
        ZoneOffset.UTC,
        Map.of("prod", new Source("prod", new SourceType.Directory(directory, null, false))),
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null),
            new EnvironmentPolicy(new NamePattern("staging"), "prod", "shop", null)
                .with(RefreshPolicy.AFTER_SNAPSHOT)),
        Limits.NONE,
        List.of(Workbench.embedded()));
  }

  private static @Nullable Instant dataTime(Cloner cloner, String environment) {
    return cloner.environments().stream()
        .filter(status -> status.name().equals(environment))
        .findFirst()
        .orElseThrow()
        .dataTime();
  }

  private static long count(EnvironmentSession session) throws Exception {
    try (Connection connection =
            Sql.connect(session.socket(), "shop", "app", Duration.ofSeconds(20));
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM t")) {
      row.next();
      return row.getLong(1);
    }
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
        try (Connection connection = requireNonNull(production).connect("shop", "app");
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
        assertThat(clone.exclusiveBytes()).isBetween(1L, 4L << 20);
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

  @Test
  void snapshotIsNotBegunWhereTooLittleWouldStayFree() throws Exception {
    Settings one = settings();
    Settings greedy =
        new Settings(
            one.dataDirectory(),
            one.isolation(),
            one.runAs(),
            one.listen(),
            one.authentication(),
            one.allowMd5(),
            one.users(),
            one.scheduleTimezone(),
            one.sources(),
            one.environments(),
            one.limits(),
            new MinFree.Size(1L << 60),
            one.undropWindow(),
            one.postgresqlBinaries());

    assertThatExceptionOfType(ClonerException.class)
        .isThrownBy(() -> Cloner.open(greedy))
        .withMessageContaining("source prod: the pool is nearly full")
        .withMessageContaining("have to stay free (pool.min-free)")
        .satisfies(e -> assertThat(e.hint()).get().asString().contains("Enlarge"));
    assertThat(greedy.dataDirectory().resolve("snapshots")).isEmptyDirectory();
    DirectoryTree.delete(greedy.dataDirectory());
  }

  @Test
  void directoryOfSomebodyElseIsLeftAlone() throws Exception {
    Path other = Files.createDirectory(parent.resolve("d"));
    Files.writeString(other.resolve("diary"), "dear");
    var before = Files.getPosixFilePermissions(other);

    assertThatExceptionOfType(ClonerException.class)
        .isThrownBy(() -> Cloner.open(settings()))
        .withMessageContaining("neither empty nor a data directory");

    assertThat(Files.getPosixFilePermissions(other)).isEqualTo(before);
    Files.delete(other.resolve("diary"));
    Files.delete(other);
  }

  @Test
  void sourceThatCannotBeCopiedEndsTheStartWithNothingLocked() throws Exception {
    if (production != null) {
      production.stop();
    }
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatExceptionOfType(ClonerException.class)
          .isThrownBy(() -> Cloner.open(settings()))
          .withMessageStartingWith("source prod: ");
    }
    DirectoryTree.delete(parent.resolve("d"));
  }

  @Test
  void sourceThatCannotBeCopiedKeepsNoOtherFromBeingServed() throws Exception {
    Settings one = settings();
    Settings two =
        new Settings(
            one.dataDirectory(),
            one.isolation(),
            one.runAs(),
            one.listen(),
            one.authentication(),
            one.allowMd5(),
            one.users(),
            one.scheduleTimezone(),
            Map.of(
                "prod",
                one.sources().values().iterator().next(),
                "broken",
                new Source(
                    "broken", new SourceType.Directory(parent.resolve("nothing"), null, false))),
            List.of(
                new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null),
                new EnvironmentPolicy(new NamePattern("qa-*"), "broken", "shop", null)),
            one.limits(),
            List.of(Workbench.embedded()));
    try (Cloner cloner = Cloner.open(two)) {
      EnvironmentSession session =
          cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS);
      assertThat(count(session)).isEqualTo(1000);
      assertThat(cloner.open(new EnvironmentRequest("qa-1", "shop")))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .isInstanceOfSatisfying(
              EnvironmentUnavailable.class, e -> assertThat(e.sqlState()).isEqualTo("57P03"));
      assertThat(cloner.drop("pr-1").get(60, TimeUnit.SECONDS)).isTrue();
    }
    DirectoryTree.delete(two.dataDirectory());
  }
}
