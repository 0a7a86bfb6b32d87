package dev.understudy.cloner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.ColumnName;
import dev.understudy.config.DatabaseMask;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Fidelity;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.MaskPolicy;
import dev.understudy.config.MaskRule;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Settings;
import dev.understudy.config.SnapshotPolicy;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.config.TableName;
import dev.understudy.embedded.DirectoryTree;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A source whose rules change, and rules that production outgrows. */
@Timeout(300)
final class MaskedClonerIT {
  private static final ColumnName EMAIL =
      new ColumnName(new TableName("public", "customer"), "email");

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private Path parent = Path.of("");
  private @Nullable EmbeddedPostgres production;

  @BeforeEach
  void startProduction() throws Exception {
    parent = Files.createTempDirectory("und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    production =
        EmbeddedPostgres.create(
            parent.resolve("production"), ServerOptions.of(Workbench.embedded()));
    execute("CREATE TABLE customer (email text)", "INSERT INTO customer VALUES ('ann@shop.de')");
    log.start();
    ((Logger) LoggerFactory.getLogger("dev.understudy.cloner")).addAppender(log);
  }

  @AfterEach
  void stopProduction() throws Exception {
    ((Logger) LoggerFactory.getLogger("dev.understudy.cloner")).detachAppender(log);
    if (production != null) {
      production.close();
    }
    DirectoryTree.delete(parent.resolve("d"));
    Files.deleteIfExists(parent.resolve("mask.sql"));
    Files.deleteIfExists(parent);
  }

  @Test
  void whatWasMaskedByOtherRulesServesNobody() throws Exception {
    Snapshot raw;
    try (Cloner cloner = Cloner.open(settings(null))) {
      assertThat(warnings()).anyMatch(line -> line.startsWith("source prod: UNMASKED"));
      raw = cloner.snapshots().getFirst();
      assertThat(raw.mask()).isNull();
      assertThat(email(cloner, "pr-old")).isEqualTo("ann@shop.de");
    }

    assertThatExceptionOfType(ClonerException.class)
        .isThrownBy(() -> Cloner.open(settings(policy(Map.of()))))
        .withMessageContaining("postgres: public.customer.email, text: a mail address");
    assertThat(raw.data()).exists();

    String masked;
    Snapshot first;
    try (Cloner cloner = Cloner.open(settings(policy(Map.of(EMAIL, new MaskRule.Email()))))) {
      first = cloner.snapshots().getFirst();
      assertThat(first.mask()).hasSize(64);
      masked = email(cloner, "pr-new");
      assertThat(masked).matches("u[0-9a-f]{20}@example\\.com");
      assertThat(warnings())
          .anyMatch(line -> line.startsWith("environment pr-old: its data was NOT MASKED"));
      assertThat(email(cloner, "pr-old")).isEqualTo("ann@shop.de");
      productionOutgrowsTheRules(cloner, first);
    }
    assertThat(raw.directory()).doesNotExist();

    // The same rules, a new daemon: the same snapshot, and the same key.
    try (Cloner cloner = Cloner.open(settings(policy(Map.of(EMAIL, new MaskRule.Email()))))) {
      Snapshot again = cloner.snapshots().getFirst();
      assertThat(again.mask()).isEqualTo(first.mask());
      assertThat(email(cloner, "pr-again")).isEqualTo(masked);
      for (var environment : cloner.environments()) {
        assertThat(cloner.drop(environment.name()).get(60, TimeUnit.SECONDS)).isTrue();
      }
    }
    assertThat(Files.getPosixFilePermissions(parent.resolve("d/mask-key.json")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void rulesThatChangeWhileItWorksHoldFromASnapshotThatIsCutAtOnce() throws Exception {
    Settings masked = settings(policy(Map.of(EMAIL, new MaskRule.Email())));
    Path script = parent.resolve("mask.sql");
    try (Cloner cloner = Cloner.open(settings(null))) {
      assertThat(email(cloner, "pr-old")).isEqualTo("ann@shop.de");
      String text = Files.readString(script);
      Files.delete(script);
      assertThatExceptionOfType(ClonerException.class)
          .isThrownBy(() -> cloner.prepare(masked))
          .withMessageContaining("mask.sql of a mask: there is no such file");
      assertThat(email(cloner, "pr-raw")).isEqualTo("ann@shop.de");
      Files.writeString(script, text);

      cloner.prepare(masked).run();

      assertThat(cloner.open(new EnvironmentRequest("pr-new", "postgres")))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withMessageContaining("cannot be made yet");
      cloner.cutSnapshot("prod").get(60, TimeUnit.SECONDS);
      assertThat(email(cloner, "pr-new")).matches("u[0-9a-f]{20}@example\\.com");
      assertThat(email(cloner, "pr-old")).isEqualTo("ann@shop.de");
      assertThat(warnings())
          .anyMatch(line -> line.startsWith("environment pr-old: its data was NOT MASKED"));
      for (var environment : cloner.environments()) {
        assertThat(cloner.drop(environment.name()).get(60, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private void productionOutgrowsTheRules(Cloner cloner, Snapshot first) throws Exception {
    execute("ALTER TABLE customer ADD phone text");
    refused(cloner, first, "1 of what looks personal has no rule in its mask");
    execute("ALTER TABLE customer DROP phone", "ALTER TABLE customer RENAME email TO mail");
    refused(cloner, first, "database postgres: there is no column public.customer.email");
    execute("ALTER TABLE customer RENAME mail TO email", "DROP TABLE seed");
    refused(cloner, first, "mask.sql failed in statement 1, line 1: SQLSTATE 42P01");
    execute("CREATE TABLE seed (i int)");
    Snapshot next = cloner.cutSnapshot("prod").get(60, TimeUnit.SECONDS);
    assertThat(cloner.snapshots()).containsExactly(next);
  }

  private static void refused(Cloner cloner, Snapshot first, String message) {
    assertThat(cloner.cutSnapshot("prod"))
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableThat()
        .havingCause()
        .withMessageContaining(message);
    assertThat(cloner.snapshots()).containsExactly(first);
  }

  private List<String> warnings() {
    return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private MaskPolicy policy(Map<ColumnName, MaskRule> rules) throws Exception {
    execute("CREATE TABLE IF NOT EXISTS seed (i int)");
    Path script = Files.writeString(parent.resolve("mask.sql"), "INSERT INTO seed VALUES (1)");
    return new MaskPolicy(
        null, true, Map.of("postgres", new DatabaseMask(rules, List.of(), null, List.of(script))));
  }

  private Settings settings(@Nullable MaskPolicy mask) throws Exception {
    Path directory = parent.resolve("production/data");
    Source source =
        new Source(
            "prod",
            new SourceType.Directory(directory, null, false),
            new SnapshotPolicy(null, 1),
            Fidelity.DEFAULT,
            mask);
    return new Settings(
        parent.resolve("d"),
        Settings.Isolation.REQUIRED,
        null,
        new Listen("127.0.0.1", 0, 10, Duration.ofSeconds(10), Duration.ofSeconds(60)),
        List.of(Settings.CredentialSource.PRODUCTION),
        false,
        Map.of(),
        ZoneOffset.UTC,
        Map.of("prod", source),
        List.of(new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "postgres", null)),
        Limits.NONE,
        List.of(Workbench.embedded()));
  }

  private static String email(Cloner cloner, String environment) throws Exception {
    EnvironmentSession session =
        cloner.open(new EnvironmentRequest(environment, "postgres")).get(60, TimeUnit.SECONDS);
    try (Connection connection =
            Sql.connect(session.socket(), "postgres", "postgres", Duration.ofSeconds(20));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT email FROM customer")) {
      row.next();
      return row.getString(1);
    }
  }

  private void execute(String... commands) throws SQLException {
    if (production == null) {
      throw new IllegalStateException("not started");
    }
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }
}
