package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.source.CopyListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clone beside its production, which nobody writes to meanwhile: what differs, and what not. */
class FidelityIT {
  /** Of a production with contrib, ICU and lz4, as Debian's. */
  private static final int MAJOR = Integer.getInteger("understudy.fidelity.major", 15);

  private static final Set<String> UNLOGGED = Set.of("shop.cache");

  /** Each with a plan that hangs on something of its own: sizes, statistics, settings, indexes. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT * FROM shop.customer WHERE tenant = 3 AND born > '1990-01-01'",
          "SELECT name FROM shop.customer WHERE tenant = 3 AND born < '1960-01-01'",
          "SELECT * FROM shop.customer WHERE tags @> ARRAY['t1', 't2']",
          "SELECT * FROM shop.customer WHERE document @> '{\"n\": 17}'",
          "SELECT * FROM shop.customer WHERE name LIKE '%pfel12%'",
          "SELECT * FROM shop.customer WHERE login = 'USER12'",
          "SELECT * FROM shop.customer WHERE born BETWEEN '1951-01-01' AND '1951-02-01'",
          "SELECT * FROM shop.customer WHERE lower(name) = 'zebra3'",
          "SELECT * FROM shop.customer WHERE tenant = 3 AND mood = 'sad'",
          "SELECT tenant, mood, count(*) FROM shop.customer GROUP BY 1, 2",
          "SELECT count(*) FROM shop.orders WHERE at < '2024-06-01Z'",
          "SELECT * FROM shop.orders WHERE at > '2025-05-01Z' AND amount > 97",
          "SELECT c.name, sum(amount) FROM shop.orders o JOIN shop.customer c ON c.id = o.customer"
              + " WHERE c.tenant = 5 GROUP BY 1 ORDER BY 2",
          "SELECT * FROM shop.booking WHERE room = 3 AND during && '[2024-05-01, 2024-05-02)'",
          "SELECT * FROM shop.never_analyzed WHERE i = 3",
          "SELECT i FROM shop.bloated WHERE i BETWEEN 100 AND 2000",
          "SELECT * FROM shop.empty_once",
          "SELECT * FROM shop.sums s JOIN shop.grown g ON g.id = s.tenant",
          "SELECT shop.expensive(i), m FROM shop.bloated, shop.many(3) m WHERE shop.expensive(i) >"
              + " 3",
          "SELECT * FROM pg_class WHERE relname = 'x'");

  private static final List<String> ANSWERS =
      List.of(
          "SELECT id, tenant, name, mood FROM shop.customer ORDER BY id",
          "SELECT name FROM shop.customer ORDER BY name LIMIT 300",
          "SELECT count(*) FROM shop.grown",
          "SELECT current_setting('shop.greeting'), current_setting('shop.tenant'),"
              + " current_setting('work_mem'), current_setting('search_path')",
          "SELECT has_table_privilege('shop.never_analyzed', 'SELECT'),"
              + " has_column_privilege('shop.customer', 'mail', 'SELECT')");

  @TempDir Path parent;
  private Stage stage;

  @BeforeEach
  void open() throws Exception {
    stage =
        Stage.open(
            parent,
            MAJOR,
            Map.ofEntries(
                Map.entry("autovacuum", "off"),
                Map.entry("wal_level", "logical"),
                Map.entry("shared_preload_libraries", "pg_stat_statements, auto_explain"),
                Map.entry("random_page_cost", "1.3"),
                Map.entry("work_mem", "7MB"),
                Map.entry("default_statistics_target", "200"),
                Map.entry("jit", "off"),
                Map.entry("shop.tenant", "3"),
                Map.entry("shop.api_token", "hidden"),
                Map.entry("auto_explain.log_min_duration", "60000")));
    stage.place(parent.resolve("fast"));
    stage.execute("CREATE ROLE owner");
    stage.execute("CREATE ROLE app LOGIN PASSWORD 'secret'");
    stage.execute("CREATE TABLESPACE fast LOCATION '%s'".formatted(parent.resolve("fast")));
    stage.execute("GRANT CREATE ON TABLESPACE fast TO owner");
    stage.execute(
        "CREATE DATABASE rich TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-u-kn-true'");
  }

  @AfterEach
  void close() throws Exception {
    stage.close();
  }

  @Test
  void cloneIsAsProductionIs() throws Exception {
    fill();
    try (Connection production = stage.production().connect("rich", "postgres");
        Connection app = stage.production().connect("rich", "app")) {
      SortedMap<String, List<String>> seen = Portrait.of(production, UNLOGGED);
      List<String> plans = plans(production);
      List<String> settings = settings(app);
      Snapshot snapshot = stage.cutter().cut(stage.mirror(), CopyListener.silent());
      assertThat(snapshot.settings())
          .containsEntry("shop.tenant", "3")
          .doesNotContainKeys("shop.api_token", "auto_explain.log_min_duration");
      assertThat(snapshot.findings())
          .contains(new Finding(Finding.Kind.SETTING, null, "shop.api_token", "left out"));
      RunningServer clone = stage.startClone(snapshot);
      try (Connection there = connect(clone, "postgres");
          Connection appThere = connect(clone, "app")) {
        readingWritesNothing(there);
        List<String> differences = new ArrayList<>();
        Portrait.compare(differences, Portrait.of(there, UNLOGGED), seen);
        Portrait.compare(differences, "plans", plans(there), plans);
        Portrait.compare(differences, "settings", settings(appThere), settings);
        for (String query : ANSWERS) {
          Portrait.compare(
              differences, query, Portrait.rows(appThere, query), Portrait.rows(app, query));
        }
        assertThat(String.join("\n", differences)).isEmpty();
        assertThat(Portrait.rows(there, "SHOW wal_level")).containsExactly("logical");
        assertThat(Portrait.rows(there, "SELECT count(*) FROM shop.cache")).containsExactly("0");
        assertThat(Portrait.rows(there, "SELECT last_value FROM shop.cache_number"))
            .containsExactly("1");
        works(there);
      } finally {
        clone.stop(Duration.ofSeconds(30));
      }
    }
  }

  private void fill() throws SQLException, IOException {
    try (Connection connection = stage.production().connect("rich", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(schema());
      statement.execute(
          "INSERT INTO shop.bloated SELECT i, repeat('x', 200) FROM generate_series(1, 5000) i");
      statement.execute("VACUUM (ANALYZE) shop.bloated");
      statement.execute("UPDATE shop.bloated SET x = 'short' WHERE i % 3 = 0");
      statement.execute("DELETE FROM shop.bloated WHERE i > 3000");
      statement.execute("ANALYZE shop.customer");
      statement.execute("VACUUM (ANALYZE) shop.orders");
      statement.execute("ANALYZE shop.booking");
      statement.execute("ANALYZE shop.empty_once");
      statement.execute(
          "INSERT INTO shop.customer (tenant, name, tags, document) SELECT 3, 'late' || i,"
              + " ARRAY['late'], '{\"n\": 17}' FROM generate_series(1, 50) i");
      statement.execute("SELECT pg_stat_force_next_flush()");
      statement.execute("SELECT nextval('shop.cache_number')");
      statement.execute("CHECKPOINT");
    }
  }

  private static String schema() throws IOException {
    try (InputStream in = requireNonNull(FidelityIT.class.getResourceAsStream("rich.sql"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Connection connect(RunningServer clone, String role) throws SQLException {
    return Sql.connect(clone.socket(), "rich", role, Duration.ofSeconds(30));
  }

  private static List<String> plans(Connection connection) throws SQLException {
    List<String> plans = new ArrayList<>();
    for (String query : QUERIES) {
      plans.add(query + "\n" + String.join("\n", Portrait.rows(connection, "EXPLAIN " + query)));
    }
    return plans;
  }

  /** Those that say something of where files are, and of how a server works, are a clone's own. */
  private static List<String> settings(Connection connection) throws SQLException {
    return Portrait.rows(
        connection,
        """
        SELECT name, setting FROM pg_settings
        WHERE (category LIKE 'Query Tuning%' OR category LIKE 'Client Connection Defaults%'
            OR category LIKE 'Version and Platform%' OR category = 'Customized Options'
            OR category LIKE 'Preset%' OR category LIKE 'Lock%'
            OR name IN ('work_mem', 'hash_mem_multiplier', 'maintenance_work_mem', 'temp_buffers',
              'max_connections', 'wal_level', 'max_parallel_workers', 'track_commit_timestamp',
              'max_parallel_workers_per_gather', 'effective_io_concurrency'))
          AND name NOT IN ('data_directory_mode', 'in_hot_standby', 'shared_memory_size',
            'shared_memory_size_in_huge_pages', 'dynamic_library_path')
          AND name NOT LIKE 'pg_stat_statements.%' AND name NOT LIKE 'auto_explain.%'
        ORDER BY name\
        """);
  }

  /** Also not in tables whose indexes are left alone. */
  private static void readingWritesNothing(Connection clone) throws SQLException {
    List<String> tables =
        Portrait.rows(
            clone,
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm', 't')"
                + " AND relpersistence = 'p' ORDER BY oid");
    assertThat(tables)
        .contains("shop.customer", "shop.bloated", "pg_authid", "pg_statistic", "pg_database");
    for (String table : tables) {
      assertThat(Portrait.rows(clone, "EXPLAIN (ANALYZE, BUFFERS) SELECT count(*) FROM " + table))
          .as(table)
          .noneMatch(line -> line.contains("dirtied"));
    }
  }

  private static void works(Connection clone) throws SQLException {
    try (Statement statement = clone.createStatement()) {
      statement.execute("UPDATE shop.customer SET mood = 'happy' WHERE id < 10");
      statement.execute("INSERT INTO shop.orders (customer, at) VALUES (1, '2025-03-01')");
      statement.execute("INSERT INTO shop.cache VALUES (1)");
      statement.execute("CALL shop.tidy()");
      statement.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY shop.sums");
      statement.execute("REINDEX SCHEMA shop");
      statement.execute("SELECT lo_put(4711, 3, 'ab')");
      assertThat(Portrait.rows(clone, "SELECT what FROM shop.log")).containsExactly("UPDATE");
      assertThat(Portrait.rows(clone, "SELECT count(*) FROM pg_stat_statements")).isNotEmpty();
    }
  }
}
