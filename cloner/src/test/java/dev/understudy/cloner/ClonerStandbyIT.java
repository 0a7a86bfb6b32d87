package dev.understudy.cloner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.source.Lag;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.embedded.DirectoryTree;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole cloner, with a production that it follows as docs/sources.md says. */
@Timeout(300)
final class ClonerStandbyIT {
  private static final Path PAGE = Path.of("../docs/sources.md");

  @Test
  void productionThatAllowsWhatThePageSaysIsMirrored() throws Exception {
    assumeTrue(
        Files.isExecutable(Workbench.DEBIAN_15.resolve("bin/pg_basebackup")),
        "PostgreSQL 15 with its client programs is not installed");
    Path parent = Files.createTempDirectory("und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> hba = new ArrayList<>(List.of("local all all trust"));
    hba.addAll(blocks("pg_hba").getFirst().lines().toList());
    try (EmbeddedPostgres production =
        EmbeddedPostgres.create(
            parent.resolve("production"),
            ServerOptions.of(Workbench.DEBIAN_15)
                .withPort(freePort())
                .withHba(hba.toArray(String[]::new)))) {
      blocks("sql").forEach(sql -> execute(production, sql));
      execute(production, "CREATE DATABASE shop");
      String url =
          "postgresql://understudy:change-me@127.0.0.1:%d/postgres".formatted(production.port());
      Source source =
          new Source(
              "prod",
              new SourceType.Standby(
                  new Secret(url), null, null, "understudy_prod", SourceType.Collations.REFUSE));

      try (Cloner cloner = Cloner.open(settings(parent, source))) {
        EnvironmentSession session =
            cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS);
        try (Connection connection =
            Sql.connect(session.socket(), "shop", "postgres", Duration.ofSeconds(20))) {
          assertThat(connection.isValid(5)).isTrue();
        }
        awaitTrue(() -> cloner.lag("prod").map(Lag::connected).orElse(false));
        assertThatThrownBy(() -> cloner.lag("nowhere"))
            .isInstanceOf(IllegalArgumentException.class);
        assertThat(cloner.drop("pr-1").get(60, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(replicas(parent)).containsExactly("prod");
      assertThat(slots(production)).isEqualTo(1);

      Cloner next = Cloner.open(settings(parent, source));
      assertThat(next.cutSnapshot("prod").get(60, TimeUnit.SECONDS).source()).isEqualTo("prod");
      next.shutdown();

      Source other =
          new Source("other", new SourceType.Directory(production.dataDirectory(), null, false));
      try (Cloner last = Cloner.open(settings(parent, other))) {
        assertThat(last.lag("other")).isEmpty();
        assertThat(replicas(parent)).isEmpty();
        assertThat(slots(production)).isZero();
      }
    } finally {
      DirectoryTree.delete(parent);
    }
  }

  private static void awaitTrue(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still waiting").isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  /** Blocks of code of the page's section. */
  private static List<String> blocks(String language) throws Exception {
    String section = Files.readString(PAGE).split("\n## `standby`\n", 2)[1].split("\n## ", 2)[0];
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(section);
    List<String> blocks = new ArrayList<>();
    while (block.find()) {
      blocks.add(block.group(1));
    }
    assertThat(blocks).isNotEmpty();
    return blocks;
  }

  private static void execute(EmbeddedPostgres production, String script) {
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      for (String sql : script.split(";\\s*", -1)) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long slots(EmbeddedPostgres production) throws Exception {
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM pg_replication_slots")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<String> replicas(Path parent) throws Exception {
    try (var all = Files.list(parent.resolve("d/replicas"))) {
      return all.map(path -> String.valueOf(path.getFileName())).toList();
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Settings settings(Path parent, Source source) {
    return new Settings(
        parent.resolve("d"),
        Settings.Isolation.REQUIRED,
        null,
        new Listen("127.0.0.1", 0, 10, Duration.ofSeconds(10), Duration.ofSeconds(60)),
        List.of(Settings.CredentialSource.PRODUCTION),
        false,
        Map.of(),
        ZoneOffset.UTC,
        Map.of(source.name(), source),
        List.of(new EnvironmentPolicy(new NamePattern("pr-*"), source.name(), "shop", null)),
        Limits.NONE,
        List.of(Workbench.DEBIAN_15));
  }
}
