package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.Settings.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
  static final String VERIFIER =
      "SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

  static final String HASH = "0123456789abcdef".repeat(4);

  static final String MINIMAL =
      """
      understudy {
        sources.prod { type = directory, directory = /srv/pg }
        environments.staging { source = prod }
      }
      """;

  static final String EVERY_KEY =
      """
      understudy {
        data-directory = /srv/understudy
        isolation = none
        run-as = clones
        listen {
          host = "0.0.0.0", port = 7000, max-connections = 50
          startup-timeout = 500ms, create-timeout = 2m, drain-timeout = 3s, proxy-protocol = required, proxy-protocol-senders = ["10.1.0.0/16"]
          tls {
            mode = require, certificate = /etc/no.crt, private-key = /etc/no.key, domain = DB.example.com, engine = boringssl
            certificates = [{ certificate = /etc/no2.crt, private-key = /etc/no2.key }]
          }
        }
        http {
          enabled = false, host = localhost, port = 7080, names = [Db.example.com]
          tls { mode = require, certificate = /etc/http.crt, private-key = /etc/http.key }
          tokens.ci { hash = "sha256:HASH", role = administrator, owner = app, environments = ["ci-*", staging] }
          webhooks.shop { type = gitlab, secret = "0123456789abcdef", repositories = [acme/shop], environments = ["mr-{number}"] }
        }
        authentication = [production]
        allow-md5 = true
        schedule-timezone = Europe/Berlin
        users.alice { password = "VERIFIER", role = app, admin = true }
        postgresql.binaries = [/opt/pg18, /opt/pg17]
        pool.min-free = 30G, undrop-window = 2h
        sources.prod {
          type = directory, directory = /srv/pg, url = "host=/run/pg user=backup", share-blocks = true
          freeze = false, event-triggers = disable, spares = 4
          snapshots { schedule = "30 2 * * 1-5", keep = 7 }
          mask {
            key = "a key that is written out", strict = false
            databases.shop {
              columns {
                "public.customer.email" = email
                "public.customer.born" = null
                "public.customer.state" { constant = "" }
                "public.customer.iban" { partial { first = 4, last = 2 } }
              }
              tables { "audit.log" = truncate }
              large-objects = remove
              scripts = [/etc/understudy/shop.sql]
            }
          }
        }
        sources.far {
          type = standby, url = "postgresql://backup@far/postgres"
          rate-limit = 2M, slot = true, collations = reindex, restore-command = "cp /usr/wal/%f %p"
        }
        sources.managed {
          type = dump, url = "postgresql://u:p@h/d", jobs = 4, databases = [shop, crm]
          on-error = publish, exclude-extensions = [pgaudit], exclude-roles = [ops, dba]
          freeze = false, event-triggers = disable
          snapshots { schedule = never, keep = 1 }
        }
        environments {
          "pr-*" {
            source = prod, database = shop, suspend-after = 90s, drop-after = 4h, expires = 14d
            refresh = "0 6 * * 1", refresh-grace = 30m, refresh-skips = 1
            limit = 20, limit-per-role = 5
          }
          staging { source = prod, suspend-after = never, drop-after = never, refresh = after-snapshot }
          "dev-{role}" {
            source = prod, suspend-after = never, drop-after = never, access = read-only
            memory = 2G, cpu-weight = 50, processes = 200, temp-file-limit = 1G, private-limit = 5G
            hooks {
              timeout = 2m
              after-create = [
                { sql = /srv/seed.sql, database = crm }
                { command = [/srv/migrate/run, up], directory = /srv/migrate }
              ]
            }
          }
        }
        limits { environments = 50, running = 10, per-role = 7 }
        listen.throttle = off
        listen.hba = [
          {
            type = hostssl, database = [shop, replication], user = ["ci_*"]
            environment = ["pr-*"], address = ["10.0.0.0/8", "2001:db8::/32"], method = allow
          }
          { method = reject }
        ]
      }
      """
          .replace("VERIFIER", VERIFIER)
          .replace("HASH", HASH);

  @TempDir Path directory;

  @Test
  void allDefaults() throws Exception {
    SettingsFile read = SettingsFile.read(write(MINIMAL), Map.of());

    assertThat(read.settings())
        .isEqualTo(
            new Settings(
                Path.of("/var/lib/understudy"),
                Isolation.REQUIRED,
                null,
                new Listen(
                    "127.0.0.1", 6432, 1_000, Duration.ofSeconds(60), Duration.ofSeconds(60)),
                List.of(CredentialSource.USERS, CredentialSource.PRODUCTION),
                false,
                Map.of(),
                ZoneOffset.UTC,
                Map.of(
                    "prod",
                    new Source(
                        "prod",
                        new SourceType.Directory(Path.of("/srv/pg"), null, false),
                        SnapshotPolicy.DEFAULT,
                        new Fidelity(true, true))),
                List.of(policy("staging", null, Duration.ofMinutes(10), Duration.ofDays(3), null)),
                Limits.NONE,
                new MinFree.Share(5, 256L << 20, 20L << 30),
                Duration.ofHours(24),
                List.of()));
    assertThat(read.warnings()).isEmpty();
  }

  @Test
  void allDefaultsOfADump() throws Exception {
    String dump = "sources.managed { type = dump, url = \"postgresql://u@h/d\" }";
    SettingsFile read = SettingsFile.read(write(SettingsErrorsTest.withLine(dump)), Map.of());

    assertThat(read.settings().sources().get("managed"))
        .isEqualTo(
            new Source(
                "managed",
                new SourceType.Dump(
                    new Secret("postgresql://u@h/d"),
                    2,
                    List.of(),
                    SourceType.Dump.OnError.BLOCK,
                    Set.of(),
                    Set.of()),
                SnapshotPolicy.DEFAULT,
                Fidelity.DEFAULT));
  }

  @Test
  void allMappings() throws Exception {
    Problems problems = new Problems();
    SettingsFile read = SettingsFile.read(write(EVERY_KEY), Map.of(), problems);

    Secret url = new Secret("host=/run/pg user=backup");
    assertThat(read.settings())
        .isEqualTo(
            new Settings(
                Path.of("/srv/understudy"),
                Isolation.NONE,
                "clones",
                new Listen(
                    "0.0.0.0",
                    7000,
                    50,
                    Duration.ofMillis(500),
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(3),
                    new Tls(
                        new CertificateFiles(Path.of("/etc/no.crt"), Path.of("/etc/no.key")),
                        List.of(
                            new CertificateFiles(Path.of("/etc/no2.crt"), Path.of("/etc/no2.key"))),
                        "db.example.com",
                        true,
                        TlsEngine.BORINGSSL),
                    new ProxyProtocol(List.of(AddressBlock.parse("10.1.0.0/16"))),
                    new Admission(hba(), false)),
                new Http(
                    false,
                    "localhost",
                    7080,
                    new CertificateFiles(Path.of("/etc/http.crt"), Path.of("/etc/http.key")),
                    List.of("db.example.com"),
                    Map.of(
                        "ci",
                        new HttpToken(
                            "ci",
                            new Secret(HASH),
                            HttpToken.Role.ADMINISTRATOR,
                            "app",
                            List.of(new NamePattern("ci-*"), new NamePattern("staging")))),
                    Map.of(
                        "shop",
                        new HttpWebhook(
                            "shop",
                            HttpWebhook.Type.GITLAB,
                            new Secret("0123456789abcdef"),
                            List.of("acme/shop"),
                            List.of("mr-{number}")))),
                List.of(CredentialSource.PRODUCTION),
                true,
                Map.of("alice", new User("alice", new Secret(VERIFIER), "app", true)),
                ZoneId.of("Europe/Berlin"),
                Map.of(
                    "prod",
                    new Source(
                        "prod",
                        new SourceType.Directory(Path.of("/srv/pg"), url, true),
                        new SnapshotPolicy(new Schedule("30 2 * * 1-5"), 7),
                        new Fidelity(false, false),
                        mask(),
                        4),
                    "far",
                    new Source(
                        "far",
                        new SourceType.Standby(
                            new Secret("postgresql://backup@far/postgres"),
                            2048,
                            "cp /usr/wal/%f %p",
                            "understudy_far",
                            SourceType.Collations.REINDEX),
                        SnapshotPolicy.DEFAULT,
                        Fidelity.DEFAULT),
                    "managed",
                    new Source(
                        "managed",
                        new SourceType.Dump(
                            new Secret("postgresql://u:p@h/d"),
                            4,
                            List.of("shop", "crm"),
                            SourceType.Dump.OnError.PUBLISH,
                            Set.of("pgaudit"),
                            Set.of("ops", "dba")),
                        new SnapshotPolicy(null, 1),
                        new Fidelity(false, false))),
                List.of(
                    policy(
                            "pr-*",
                            "shop",
                            Duration.ofSeconds(90),
                            Duration.ofHours(4),
                            Duration.ofDays(14))
                        .with(
                            new RefreshPolicy(
                                new RefreshPolicy.Trigger.Scheduled(new Schedule("0 6 * * 1")),
                                Duration.ofMinutes(30),
                                1))
                        .with(new Quota(20, 5)),
                    new EnvironmentPolicy(new NamePattern("staging"), "prod", null, null)
                        .with(RefreshPolicy.AFTER_SNAPSHOT),
                    new EnvironmentPolicy(new NamePattern("dev-{role}"), "prod", null, null)
                        .with(Access.READ_ONLY)
                        .with(new Resources(2L << 30, 50, 200, 1L << 30, 5L << 30))
                        .with(
                            new Hooks(
                                List.of(
                                    new Hook.Script(Path.of("/srv/seed.sql"), "crm"),
                                    new Hook.Command(
                                        List.of("/srv/migrate/run", "up"),
                                        Path.of("/srv/migrate"),
                                        null)),
                                Duration.ofMinutes(2)))),
                new Limits(50, 10, 7),
                new MinFree.Size(30L << 30),
                Duration.ofHours(2),
                List.of(Path.of("/opt/pg18"), Path.of("/opt/pg17"))));
    assertThat(read.warnings())
        .extracting(Problem::toString)
        .containsExactly(
            tlsWarning(9, "certificate", "/etc/no.crt"),
            tlsWarning(9, "private-key", "/etc/no.key"),
            tlsWarning(10, "certificates.certificate", "/etc/no2.crt"),
            tlsWarning(10, "certificates.private-key", "/etc/no2.key"),
            httpWarning("certificate", "/etc/http.crt"),
            httpWarning("private-key", "/etc/http.key"),
            directory.resolve("understudy.conf")
                + ":17: understudy.http.webhooks.shop.secret: is written in the file; better"
                + " ${VARIABLE}",
            directory.resolve("understudy.conf")
                + ":30: understudy.sources.prod.mask.key: is written in the file; better"
                + " ${VARIABLE}",
            hookWarning(67, "sql", "'/srv/seed.sql' cannot be read now"),
            hookWarning(68, "command", "'/srv/migrate/run' is no program now"),
            hookWarning(68, "directory", "'/srv/migrate' is not there"));
  }

  private String tlsWarning(int line, String key, String file) {
    return "%s:%d: understudy.listen.tls.%s: '%s' cannot be read now; without it nothing listens"
        .formatted(directory.resolve("understudy.conf"), line, key, file);
  }

  private String httpWarning(String key, String file) {
    return "%s:15: understudy.http.tls.%s: '%s' cannot be read now; without it nothing listens"
        .formatted(directory.resolve("understudy.conf"), key, file);
  }

  private String hookWarning(int line, String key, String message) {
    return "%s:%d: understudy.environments.\"dev-{role}\".hooks.after-create.%s: %s; without it nothing is made"
        .formatted(directory.resolve("understudy.conf"), line, key, message);
  }

  private static List<HbaRule> hba() {
    return List.of(
        new HbaRule(
            HbaRule.Type.HOSTSSL,
            List.of(new NameGlob("shop"), new NameGlob("replication")),
            List.of(new NameGlob("ci_*")),
            List.of(new NamePattern("pr-*")),
            List.of(AddressBlock.parse("10.0.0.0/8"), AddressBlock.parse("2001:db8::/32")),
            HbaRule.Method.ALLOW),
        new HbaRule(
            HbaRule.Type.HOST, List.of(), List.of(), List.of(), List.of(), HbaRule.Method.REJECT));
  }

  private static MaskPolicy mask() {
    TableName customer = new TableName("public", "customer");
    return new MaskPolicy(
        new Secret("a key that is written out"),
        false,
        Map.of(
            "shop",
            new DatabaseMask(
                Map.of(
                    new ColumnName(customer, "email"), new MaskRule.Email(),
                    new ColumnName(customer, "born"), new MaskRule.Null(),
                    new ColumnName(customer, "state"), new MaskRule.Constant(""),
                    new ColumnName(customer, "iban"), new MaskRule.Partial(4, 2)),
                List.of(new TableName("audit", "log")),
                DatabaseMask.LargeObjects.REMOVE,
                List.of(Path.of("/etc/understudy/shop.sql")))));
  }

  @Test
  void everyKeyOfTheReaderIsInOneOfTheTests() throws Exception {
    Problems problems = new Problems();
    SettingsFile.read(write(EVERY_KEY), Map.of(), problems);

    assertThat(problems.knownKeys())
        .allSatisfy(key -> assertThat(EVERY_KEY).contains(key.substring(key.lastIndexOf('.') + 1)));
  }

  private static EnvironmentPolicy policy(
      String pattern,
      @Nullable String database,
      @Nullable Duration suspendAfter,
      @Nullable Duration dropAfter,
      @Nullable Duration expires) {
    return new EnvironmentPolicy(new NamePattern(pattern), "prod", database, dropAfter)
        .with(new Lifetime(suspendAfter, dropAfter, expires));
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("understudy.conf"), text);
  }
}
