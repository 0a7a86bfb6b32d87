package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.config.Fidelity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of a server of which only SQL is to be had, by a superuser of it. */
class DumpIT {
  private static final String LATIN = "Lat'in \"1\" = \\x";

  @TempDir Path parent;

  @Test
  void everythingComesAlong() throws Exception {
    try (Stage stage = Dumped.open(parent, Map.of("work_mem", "5MB", "wal_level", "logical"))) {
      fill(stage);
      stage.keep(new Fidelity(true, true));
      Set<String> commands = ConcurrentHashMap.newKeySet();
      Instant before = Instant.now();
      Snapshot snapshot =
          stage
              .cutter()
              .cut(
                  stage.mirror(Dumped.source(stage, "dumper")),
                  (files, bytes, total) ->
                      Dumped.tools("pg_").forEach(tool -> commands.add(Dumped.commandLine(tool))));
      assertThat(commands)
          .anyMatch(command -> command.contains("pg_dump"))
          .noneMatch(command -> command.contains(Dumped.PASSWORD));
      describesItself(stage, snapshot, before);
      assertThat(Dumped.holding(stage.workbench().directory(), Dumped.PASSWORD)).isEmpty();
      assertThat(Dumped.holding(snapshot.data(), verifiers(snapshot))).isEmpty();
      assertThat(snapshot.directory()).isDirectoryNotContaining("glob:**/{work,restore.log}");
      isTheSame(stage, snapshot);
      assertThat(stage.mirror(Dumped.source(stage, "dumper")).position())
          .contains(String.valueOf(snapshot.position()));
    }
  }

  /** Tables come and go meanwhile. */
  @Test
  void aDatabaseIsOfOneMomentWhateverIsWritten() throws Exception {
    try (Stage stage = Dumped.open(parent, Map.of());
        Bank bank = Bank.open(stage.production(), "postgres")) {
      Dumped.execute(
          stage,
          "postgres",
          "postgres",
          "CREATE ROLE dumper SUPERUSER LOGIN PASSWORD '" + Dumped.PASSWORD + "'");
      while (bank.committed() < 50) {
        Thread.onSpinWait();
      }
      Snapshot snapshot =
          stage.cutter().cut(stage.mirror(Dumped.source(stage, "dumper")), CopyListener.silent());
      RunningServer clone = stage.startClone(snapshot);
      try (Connection copy =
              Sql.connect(clone.socket(), "postgres", "postgres", Duration.ofSeconds(30));
          Connection production = stage.production().connect("postgres", "postgres")) {
        assertThat(Bank.number(copy, "SELECT sum(balance) FROM account"))
            .isEqualTo(Bank.ACCOUNTS * Bank.BALANCE);
        assertThat(
                Bank.number(
                    copy,
                    "SELECT sum(%d - balance) FROM account WHERE balance < %d"
                        .formatted(Bank.BALANCE, Bank.BALANCE)))
            .isLessThanOrEqualTo(Bank.number(copy, "SELECT count(*) FROM journal"));
        assertThat(Bank.journalUntil(copy, snapshot.dataTime().minusSeconds(1)))
            .isEqualTo(Bank.journalUntil(production, snapshot.dataTime().minusSeconds(1)));
      } finally {
        clone.stop(Duration.ofSeconds(30));
      }
    }
  }

  private static void fill(Stage stage) throws Exception {
    String latin = "\"Lat'in \"\"1\"\" = \\x\"";
    Dumped.execute(
        stage,
        "postgres",
        "postgres",
        "CREATE ROLE dumper SUPERUSER LOGIN PASSWORD '" + Dumped.PASSWORD + "'",
        "CREATE ROLE app LOGIN PASSWORD 'of the app' CONNECTION LIMIT 7"
            + " VALID UNTIL '2031-02-03 04:05:06Z'",
        "CREATE ROLE \"Rea'der\" NOLOGIN NOINHERIT CREATEDB",
        "GRANT \"Rea'der\" TO app WITH ADMIN OPTION",
        "GRANT pg_monitor TO \"Rea'der\"",
        "COMMENT ON ROLE app IS 'it''s \\ the app'",
        "ALTER ROLE app SET work_mem = '6MB'",
        "CREATE DATABASE shop OWNER app LC_COLLATE 'C.utf8' LC_CTYPE 'C.utf8' TEMPLATE template0"
            + " CONNECTION LIMIT 9",
        "CREATE DATABASE %s OWNER \"Rea'der\" ENCODING LATIN1 TEMPLATE template0".formatted(latin),
        "CREATE DATABASE german LOCALE_PROVIDER icu ICU_LOCALE 'de' TEMPLATE template0",
        "CREATE DATABASE closed ALLOW_CONNECTIONS false",
        "REVOKE CONNECT ON DATABASE shop FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE shop TO \"Rea'der\" WITH GRANT OPTION",
        "COMMENT ON DATABASE shop IS 'sells'",
        "ALTER DATABASE shop SET statement_timeout = '1234ms'",
        "ALTER DATABASE shop SET default_transaction_read_only = on",
        "ALTER ROLE app IN DATABASE shop SET search_path = \"Shop Schema\", public",
        "ALTER ROLE ALL SET my.setting = 'a, b'");
    String script =
        new String(
            DumpIT.class.getResourceAsStream("shop.sql").readAllBytes(),
            java.nio.charset.StandardCharsets.UTF_8);
    Dumped.execute(
        stage,
        "shop",
        "postgres",
        "SET default_transaction_read_only = off",
        script,
        "VACUUM (ANALYZE)",
        "CREATE TABLE spread (at date, what text) PARTITION BY RANGE (at)",
        "CREATE TABLE spread_here PARTITION OF spread FOR VALUES FROM ('2024-01-01') TO"
            + " ('2025-01-01')",
        "CREATE FOREIGN TABLE spread_far PARTITION OF spread FOR VALUES FROM ('2025-01-01') TO"
            + " ('2026-01-01') SERVER elsewhere",
        "CREATE USER MAPPING FOR postgres SERVER elsewhere",
        "INSERT INTO spread_here VALUES ('2024-02-03', 'x')",
        "ANALYZE spread_here");
    Dumped.execute(
        stage,
        LATIN,
        "postgres",
        "CREATE TABLE \"größe\" (\"wörter\" text)",
        "INSERT INTO \"größe\" VALUES ('äöüß')",
        "DROP SCHEMA public CASCADE");
    Dumped.execute(
        stage,
        "german",
        "postgres",
        "CREATE COLLATION phone (provider = icu, locale = 'de@collation=phonebook')",
        "CREATE TABLE words AS SELECT unnest(ARRAY['Öl', 'Ofen', 'Zug', 'oben']) word",
        "CREATE INDEX ON words (word COLLATE phone)");
  }

  private static void describesItself(Stage stage, Snapshot snapshot, Instant before)
      throws Exception {
    assertThat(snapshot.superuser()).isEqualTo("postgres");
    assertThat(snapshot.major()).isEqualTo(Dumped.MAJOR);
    assertThat(snapshot.dataTime()).isBetween(before, snapshot.createdAt());
    assertThat(snapshot.settings()).containsEntry("work_mem", "5120");
    assertThat(Dumped.names(snapshot))
        .containsExactlyInAnyOrder("shop", LATIN, "german", "postgres", "template0", "template1");
    try (Connection production = stage.production().connect("postgres", "postgres")) {
      assertThat(snapshot.roles()).containsExactlyElementsOf(Catalog.roles(production));
    }
    assertThat(Dumped.finding(snapshot, Kind.SUBSCRIPTION, "incoming")).contains("left out");
    assertThat(Dumped.finding(snapshot, Kind.PUBLICATION, "outgoing")).contains("left out");
    assertThat(Dumped.finding(snapshot, Kind.DATABASE, "closed")).isPresent();
    assertThat(Dumped.finding(snapshot, Kind.EVENT_TRIGGER, "watch"))
        .contains("kept: fires in clones");
    assertThat(Dumped.finding(snapshot, Kind.FOREIGN_SERVER, "elsewhere")).isPresent();
    // From 18 on they come with the dump.
    assertThat(Dumped.finding(snapshot, Kind.STATISTICS, "public.spread").isPresent())
        .isEqualTo(Dumped.MAJOR < 18);
    assertThat(snapshot.findings())
        .filteredOn(finding -> Set.of(Kind.FUNCTION, Kind.TRIGGER).contains(finding.kind()))
        .extracting(finding -> finding.qualifiedName() + " " + finding.action().split(":", 2)[0])
        .containsExactly(
            "shop.public.ask kept (calls dblink)",
            "shop.public.roam kept (language wild)",
            "shop.public.run kept (runs a program)",
            "shop.public.tell kept (calls dblink_exec)",
            "shop.public.wild_handler kept (language c)",
            "shop.public.customer told kept (calls public.tell)");
    assertThat(PgControl.read(snapshot.data()).checksumVersion()).isEqualTo(1);
  }

  private static String[] verifiers(Snapshot snapshot) {
    return snapshot.roles().stream()
        .map(Snapshot.Role::verifier)
        .filter(java.util.Objects::nonNull)
        .toArray(String[]::new);
  }

  /** To pg_dump, which sees all that there is. */
  private static void isTheSame(Stage stage, Snapshot snapshot) throws Exception {
    RunningServer clone = stage.startClone(snapshot);
    try {
      Path socket = requireNonNull(clone.socket().getParent());
      for (String database : List.of("shop", "german", "postgres", LATIN)) {
        assertThat(content(socket, 5432, database))
            .as(database)
            .containsExactlyElementsOf(
                content(stage.production().socketDirectory(), stage.production().port(), database));
      }
      assertThat(Dumped.print(socket, 5432, roles()))
          .filteredOn(DumpIT::means)
          .containsExactlyElementsOf(
              Dumped.print(stage.production().socketDirectory(), stage.production().port(), roles())
                  .stream()
                  .filter(DumpIT::means)
                  .toList());
      try (Connection shop =
          Sql.connect(clone.socket(), "shop", "postgres", Duration.ofSeconds(30))) {
        shop.createStatement().execute("SET default_transaction_read_only = off");
        assertThat(Bank.number(shop, "SELECT nextval('counter')")).isEqualTo(4712);
        assertThat(Bank.number(shop, "SELECT length(lo_get(424242))")).isEqualTo(300_000);
        assertThat(Bank.number(shop, "SELECT count(*) FROM names")).isEqualTo(500);
        assertThat(Bank.number(shop, "SELECT count(*) FROM quick")).isEqualTo(10);
        assertThat(
                Bank.number(
                    shop, "SELECT reltuples FROM pg_class WHERE oid = 'orders_1'::regclass"))
            .isPositive();
        assertThat(
                Bank.number(
                    shop, "SELECT relallvisible FROM pg_class WHERE oid = 'orders_1'::regclass"))
            .isPositive();
        for (String table : List.of("customer", "orders", "spread_here", "pg_class")) {
          assertThat(
                  Bank.number(
                      shop, "SELECT count(*) FROM pg_stats WHERE tablename = '" + table + "'"))
              .as(table)
              .isPositive();
        }
      }
    } finally {
      clone.stop(Duration.ofSeconds(30));
    }
    assertThat(Files.exists(snapshot.data().resolve("postmaster.pid"))).isFalse();
  }

  private static String[] roles() {
    return new String[] {"pg_dumpall", "--roles-only", "--no-role-passwords"};
  }

  private static List<String> content(Path socketDirectory, int port, String database)
      throws Exception {
    String quoted = "dbname='%s'".formatted(database.replace("\\", "\\\\").replace("'", "\\'"));
    return Dumped.print(
            socketDirectory,
            port,
            "pg_dump",
            "--create",
            "--no-subscriptions",
            "--no-publications",
            "--inserts",
            quoted)
        .stream()
        .filter(DumpIT::means)
        .toList();
  }

  /** Random, or changed on purpose: where foreign servers are, and who may open them. */
  private static boolean means(String line) {
    return !line.startsWith("\\restrict")
        && !line.startsWith("\\unrestrict")
        && !line.contains("far.example.com")
        && !line.contains("host '127.0.0.1'")
        && !line.contains("sesame")
        && !line.contains("port '1'")
        && !line.startsWith("    \"user\"")
        && !line.startsWith(");");
  }
}
