package dev.understudy.cloner.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.postgres.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether a clone is of one moment, sound in every page, and has all that production has. */
final class CloneCheck {
  private static final String SUMS =
      """
      SELECT ARRAY[
        (SELECT sum(abalance) FROM pgbench_accounts), (SELECT sum(bbalance) FROM pgbench_branches),
        (SELECT sum(tbalance) FROM pgbench_tellers), (SELECT sum(delta) FROM pgbench_history)]\
      """;

  /** Each index has what its table has. */
  private static final String INDEXES =
      """
      SELECT count(bt_index_check(i.indexrelid, true)::text)
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
      WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p' AND i.indisvalid\
      """;

  private static final String HEAPS =
      """
      SELECT c.oid::regclass || ': ' || v.msg FROM pg_class c, LATERAL verify_heapam(c.oid) v
      WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence = 'p'\
      """;

  private final Path socket;

  CloneCheck(Path socket) {
    this.socket = socket;
  }

  Connection connect(String database, String role) throws SQLException {
    return Sql.connect(socket, database, role, Duration.ofSeconds(60));
  }

  /**
   * Fails if anything is wrong.
   *
   * @return entries of pgbench's history
   */
  long run() throws SQLException {
    for (String database : databases()) {
      try (Connection connection = connect(database, "postgres")) {
        isSound(connection, database);
      }
    }
    shopIsThere();
    try (Connection bank = connect(BusyProduction.BANK, "postgres")) {
      Long[] sums = sums(bank);
      assertThat(sums).as("pgbench's sums").containsOnly(sums[0]);
      assertThat(strings(bank, "SHOW archive_mode")).containsExactly("off");
      assertThat(strings(bank, "SELECT slot_name FROM pg_replication_slots")).isEmpty();
      strings(bank, "SELECT pg_switch_wal()::text");
      return Long.parseLong(strings(bank, "SELECT count(*) FROM pgbench_history").getFirst());
    }
  }

  private List<String> databases() throws SQLException {
    try (Connection connection = connect("postgres", "postgres")) {
      List<String> all =
          strings(connection, "SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1");
      assertThat(all).contains(BusyProduction.BANK, BusyProduction.SHOP, "postgres");
      return all;
    }
  }

  private static void isSound(Connection connection, String database) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE EXTENSION IF NOT EXISTS amcheck");
    }
    assertThat(Long.parseLong(strings(connection, INDEXES).getFirst())).as(database).isPositive();
    assertThat(strings(connection, HEAPS)).as(database).isEmpty();
  }

  private void shopIsThere() throws SQLException {
    try (Connection tenant = connect(BusyProduction.SHOP, "tenant")) {
      assertThat(strings(tenant, "SELECT count(*) FROM ledger"))
          .containsExactly(Integer.toString(Shop.ROWS / 2));
    }
    try (Connection shop = connect(BusyProduction.SHOP, "postgres")) {
      assertThat(strings(shop, "SELECT count(*) FROM ledger"))
          .containsExactly(Integer.toString(Shop.ROWS));
      assertThat(strings(shop, "SELECT length(lo_get(" + Shop.LARGE_OBJECT + "))"))
          .containsExactly(Integer.toString(Shop.LARGE_OBJECT_SIZE));
    }
  }

  private static Long[] sums(Connection bank) throws SQLException {
    try (Statement statement = bank.createStatement();
        ResultSet row = statement.executeQuery(SUMS)) {
      row.next();
      return (Long[]) row.getArray(1).getArray();
    }
  }

  private static List<String> strings(Connection connection, String query) throws SQLException {
    List<String> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        all.add(rows.getString(1));
      }
    }
    return all;
  }
}
