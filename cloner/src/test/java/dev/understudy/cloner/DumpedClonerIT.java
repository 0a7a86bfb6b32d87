package dev.understudy.cloner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.page.Page;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Settings;
import dev.understudy.config.SettingsFile;
import dev.understudy.embedded.DirectoryTree;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole cloner in front of a production that it can only dump, as docs/sources.md says. */
@Timeout(300)
final class DumpedClonerIT {
  @Test
  void fromSettingsToAnEnvironment() throws Exception {
    assumeTrue(Files.isDirectory(Workbench.DEBIAN_15), "PostgreSQL 15 is not installed");
    Path parent = Files.createTempDirectory("und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (EmbeddedPostgres production =
        EmbeddedPostgres.create(
            parent.resolve("production"), ServerOptions.of(Workbench.DEBIAN_15).withFreePort())) {
      Page page = Page.of("sources.md").section("`dump`");
      try (Connection connection = production.connect("postgres", "postgres");
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE ROLE app LOGIN");
        statement.execute("SELECT lo_create(4711)");
        for (String block : page.fenced("sql")) {
          statement.execute(block);
        }
        statement.execute("CREATE DATABASE shop OWNER app");
      }
      try (Connection connection = production.connect("shop", "app");
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t AS SELECT generate_series(1, 1000) i");
        statement.execute("ALTER TABLE t ENABLE ROW LEVEL SECURITY");
      }
      try (Cloner cloner = Cloner.open(settings(parent, source(page, production)))) {
        Snapshot snapshot = cloner.snapshots().getFirst();
        EnvironmentSession session =
            cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS);
        try (Connection connection =
                Sql.connect(session.socket(), "shop", "app", Duration.ofSeconds(20));
            Statement statement = connection.createStatement();
            var row = statement.executeQuery("SELECT count(*) FROM t")) {
          row.next();
          assertThat(row.getLong(1)).isEqualTo(1000);
        }
        session.close();
        cloner.shutdown();
        assertThat(snapshot.directory()).isDirectoryNotContaining("glob:**/work");
      }
    } finally {
      DirectoryTree.delete(parent);
    }
  }

  /** The page's, with the address of this production; it is asked without TLS. */
  private static String source(Page page, EmbeddedPostgres production) {
    String source =
        page.indented()
            .getFirst()
            .replace(
                "${PRODUCTION_PASSWORD}@prod.example.com:5432",
                "change-me@127.0.0.1:" + production.port())
            .replace("?sslmode=require", "");
    assertThat(source).contains("127.0.0.1").doesNotContain("ssl");
    return source;
  }

  private static Settings settings(Path parent, String source) throws Exception {
    Path file = parent.resolve("understudy.conf");
    Files.writeString(
        file,
        """
        understudy {
          data-directory = "%s"
          %s
          environments."pr-*" { source = prod, database = shop }
        }
        """
            .formatted(parent.resolve("d"), source));
    return SettingsFile.read(file).settings();
  }
}
