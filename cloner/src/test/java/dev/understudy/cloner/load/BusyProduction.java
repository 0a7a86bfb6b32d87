package dev.understudy.cloner.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.embedded.DirectoryTree;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A production under load that has all that a copy of it could do harm with. Whoever connects to it
 * has a role of his own, and its log tells them apart.
 */
final class BusyProduction implements AutoCloseable {
  static final String PASSWORD = "known-to-every-attacker";

  /** Where pgbench works. */
  static final String BANK = "bank";

  /** Where everything else is. */
  static final String SHOP = "shop";

  static final String BENCH = "bench";
  static final String FOLLOWER = "understudy";
  static final String DUMPER = "dumper";

  /** What its foreign servers, its subscription and the attacks connect as. */
  static final Set<String> OF_CLONES = Set.of("over_tcp", "over_socket", "publisher", "attacker");

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern CONNECTED = Pattern.compile("connection authorized: user=(\\S+)");
  private static final Pattern TIMELINE_ONE =
      Pattern.compile("00000001[0-9A-F]{16}(\\.[0-9A-F]{8}\\.backup)?");

  private final EmbeddedPostgres server;
  private final Path archive;
  private final Load load;
  private final long logged;

  private BusyProduction(EmbeddedPostgres server, Path archive, Load load, long logged) {
    this.server = server;
    this.archive = archive;
    this.load = load;
    this.logged = logged;
  }

  /** In an empty directory that everybody may search. */
  static BusyProduction open(Path home, Path parent) throws Exception {
    Path archive = Files.createDirectory(parent.resolve("archive"));
    EmbeddedPostgres server =
        EmbeddedPostgres.create(
            parent.resolve("production"),
            ServerOptions.of(home).withFreePort().withSettings(settings(archive)));
    boolean opened = false;
    try {
      give(archive, server);
      fill(home, server);
      Load load = Load.begin(home, server, BANK, 200);
      BusyProduction made = new BusyProduction(server, archive, load, Files.size(server.logFile()));
      opened = true;
      return made;
    } finally {
      if (!opened) {
        server.close();
        DirectoryTree.delete(archive);
      }
    }
  }

  private static Map<String, String> settings(Path archive) {
    return Map.of(
        "wal_level", "logical",
        "log_connections", "on",
        "archive_mode", "on",
        "archive_command", "test ! -e %s/%%f && cp %%p %s/%%f".formatted(archive, archive),
        "max_slot_wal_keep_size", "8GB",
        // Slowness of this machine must not look like somebody else's connection.
        "wal_receiver_timeout", "0",
        "wal_sender_timeout", "0");
  }

  /** To the user that production runs as. */
  private static void give(Path directory, EmbeddedPostgres server) throws IOException {
    Object owner = Files.getAttribute(server.dataDirectory(), "unix:uid");
    Files.setAttribute(directory, "unix:uid", owner);
  }

  private static void fill(Path home, EmbeddedPostgres server) throws Exception {
    Path far = Files.createDirectory(server.dataDirectory().resolveSibling("far"));
    give(far, server);
    execute(
        server,
        "postgres",
        "CREATE ROLE bench LOGIN",
        "CREATE ROLE tenant LOGIN",
        "CREATE ROLE over_tcp LOGIN SUPERUSER PASSWORD '" + PASSWORD + "'",
        "CREATE ROLE over_socket LOGIN SUPERUSER",
        "CREATE ROLE attacker LOGIN SUPERUSER PASSWORD '" + PASSWORD + "'",
        "CREATE ROLE publisher LOGIN SUPERUSER PASSWORD '" + PASSWORD + "'",
        "CREATE ROLE understudy LOGIN REPLICATION IN ROLE pg_read_all_settings PASSWORD '"
            + PASSWORD
            + "'",
        "CREATE ROLE dumper LOGIN BYPASSRLS IN ROLE pg_read_all_data PASSWORD '" + PASSWORD + "'",
        "CREATE TABLESPACE far LOCATION '" + far + "'",
        "CREATE DATABASE bank OWNER bench",
        "CREATE DATABASE shop",
        "SELECT pg_create_physical_replication_slot('standby_of_old', true)");
    Load.prepare(home, server, BANK, 2);
    execute(
        server,
        BANK,
        "ALTER TABLE pgbench_tellers SET TABLESPACE far",
        "ALTER INDEX pgbench_accounts_pkey SET TABLESPACE far",
        "CREATE TABLE vault AS SELECT 'loot' AS secret",
        "CREATE PUBLICATION outgoing FOR TABLE pgbench_history",
        "SELECT pg_create_logical_replication_slot('cdc', 'pgoutput')",
        "SELECT pg_create_logical_replication_slot('incoming', 'pgoutput')");
    execute(server, SHOP, Shop.statements(server));
    for (Attack attack : Attack.all(server)) {
      if (attack.worksInProduction()) {
        execute(server, SHOP, attack.statements().toArray(String[]::new));
      }
    }
    await(
        "the subscription works",
        () ->
            number(
                    server,
                    "postgres",
                    "SELECT count(*) FROM pg_stat_replication WHERE usename = 'publisher'")
                == 1);
  }

  private interface Condition {
    boolean holds() throws SQLException;
  }

  private static void await(String what, Condition condition)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  EmbeddedPostgres server() {
    return server;
  }

  String url(String role) {
    return "postgresql://%s:%s@127.0.0.1:%d/postgres".formatted(role, PASSWORD, server.port());
  }

  /** How often each role has connected since the load began. */
  Map<String, Integer> connections() throws IOException {
    String log = Files.readString(server.logFile()).substring((int) logged);
    Map<String, Integer> counts = new TreeMap<>();
    Matcher matcher = CONNECTED.matcher(log);
    while (matcher.find()) {
      counts.merge(matcher.group(1), 1, Integer::sum);
    }
    return counts;
  }

  /** Ends the load; production has then to be as if nobody had ever mirrored it. */
  void endUnharmed(String mirrorsRole) throws Exception {
    String said = load.end();
    System.out.println(said.lines().filter(line -> line.contains("actually")).toList());
    System.out.println("connections: " + connections());
    assertThat(connections().keySet())
        .contains(mirrorsRole)
        .doesNotContainAnyElementsOf(OF_CLONES)
        .isSubsetOf(mirrorsRole, BENCH, "postgres");
    await("slots of others are gone", () -> slots().equals("cdc incoming standby_of_old"));
    // Its own subscription was never disturbed.
    await("all entries have arrived", () -> history(server, SHOP) == history(server, BANK));
    archiveIsItsOwn();
  }

  private String slots() throws SQLException {
    return text(
        server,
        "postgres",
        "SELECT string_agg(slot_name, ' ' ORDER BY slot_name) FROM pg_replication_slots");
  }

  private static long history(EmbeddedPostgres server, String database) throws SQLException {
    return number(server, database, "SELECT count(*) FROM pgbench_history");
  }

  /** A file of somebody else would be one too many, and one in the way would fail the command. */
  private void archiveIsItsOwn() throws Exception {
    String last = text(server, "postgres", "SELECT pg_walfile_name(pg_switch_wal())");
    await(
        "all is archived",
        () ->
            number(
                    server,
                    "postgres",
                    "SELECT count(*) FROM pg_stat_archiver WHERE last_archived_wal >= '%s'"
                        .formatted(last))
                == 1);
    List<String> files;
    try (Stream<Path> all = Files.list(archive)) {
      files = all.map(file -> String.valueOf(file.getFileName())).toList();
    }
    System.out.println("archive: " + files.size() + " files");
    assertThat(files).allMatch(name -> TIMELINE_ONE.matcher(name).matches());
    assertThat(number(server, "postgres", "SELECT archived_count FROM pg_stat_archiver"))
        .isEqualTo(files.size());
    assertThat(number(server, "postgres", "SELECT failed_count FROM pg_stat_archiver")).isZero();
  }

  static void execute(EmbeddedPostgres server, String database, String... statements)
      throws SQLException {
    try (Connection connection = server.connect(database, "postgres");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static long number(EmbeddedPostgres server, String database, String query)
      throws SQLException {
    return Long.parseLong(text(server, database, query));
  }

  private static String text(EmbeddedPostgres server, String database, String query)
      throws SQLException {
    try (Connection connection = server.connect(database, "postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  @Override
  public void close() throws IOException {
    load.close();
    server.close();
    DirectoryTree.delete(archive);
  }
}
