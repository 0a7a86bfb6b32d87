package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A live production for each test, and the settings of a daemon that mirrors it. */
@Timeout(300)
abstract class ClonerFixture {
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

  Settings settings() throws Exception {
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

  Path parent() {
    return parent;
  }

  EmbeddedPostgres production() {
    return requireNonNull(production, "production is null");
  }

  static long count(EnvironmentSession session) throws Exception {
    try (Connection connection =
            Sql.connect(session.socket(), "shop", "app", Duration.ofSeconds(20));
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM t")) {
      row.next();
      return row.getLong(1);
    }
  }
}
