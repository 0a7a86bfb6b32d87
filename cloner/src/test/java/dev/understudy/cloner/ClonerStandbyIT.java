package dev.understudy.cloner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.page.Page;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.source.Lag;
import dev.understudy.config.Settings;
import dev.understudy.config.SettingsFile;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole cloner, with a production that it follows as docs/sources.md says. */
@Timeout(300)
final class ClonerStandbyIT {
  @Test
  void productionThatAllowsWhatThePageSaysIsMirrored() throws Exception {
    assumeTrue(
        Files.isExecutable(Workbench.DEBIAN_15.resolve("bin/pg_basebackup")),
        "PostgreSQL 15 with its client programs is not installed");
    Path parent = Files.createTempDirectory("und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    Page page = Page.of("sources.md").section("`standby`");
    List<String> hba = new ArrayList<>(List.of("local all all trust"));
    hba.addAll(page.fenced("pg_hba").getFirst().lines().toList());
    try (EmbeddedPostgres production =
        EmbeddedPostgres.create(
            parent.resolve("production"),
            ServerOptions.of(Workbench.DEBIAN_15)
                .withPort(freePort())
                .withHba(hba.toArray(String[]::new)))) {
      page.fenced("sql").forEach(sql -> execute(production, sql));
      execute(production, "CREATE DATABASE shop");
      String source =
          page.indented()
              .getFirst()
              .replace(
                  "${PRODUCTION_PASSWORD}@prod.example.com:5432",
                  "change-me@127.0.0.1:" + production.port())
              .replace("rate-limit", "slot = true\n  rate-limit");

      try (Cloner cloner = Cloner.open(settings(parent, source, "prod"))) {
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

      Cloner next = Cloner.open(settings(parent, source, "prod"));
      assertThat(next.cutSnapshot("prod").get(60, TimeUnit.SECONDS).source()).isEqualTo("prod");
      next.shutdown();

      String other =
          "sources.other { type = directory, directory = \"%s\" }"
              .formatted(production.dataDirectory());
      try (Cloner last = Cloner.open(settings(parent, other, "other"))) {
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

  private static Settings settings(Path parent, String source, String name) throws Exception {
    Path file = parent.resolve("understudy.conf");
    Files.writeString(
        file,
        """
        understudy {
          data-directory = "%s"
          listen.port = 0
          authentication = [production]
          postgresql.binaries = ["%s"]
          %s
          environments."pr-*" { source = %s, database = shop }
        }
        """
            .formatted(parent.resolve("d"), Workbench.DEBIAN_15, source, name));
    return SettingsFile.read(file).settings();
  }
}
