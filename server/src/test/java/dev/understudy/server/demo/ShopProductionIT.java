package dev.understudy.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.embedded.EmbeddedBinaries;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class ShopProductionIT {
  @Test
  void holdsABelievableShopAndLeavesNothing() throws Exception {
    Path directory;
    try (Scratch scratch = Scratch.create(Path.of(System.getProperty("java.io.tmpdir")))) {
      directory = scratch.directory();
      Path home = EmbeddedBinaries.unpack(directory);
      try (ShopProduction production = ShopProduction.create(scratch.production(), home)) {
        assertThat(production.rows()).isBetween(190_000L, 210_000L);
        assertThat(ask(production, "SELECT count(*) FROM order_totals WHERE total > 0"))
            .isEqualTo("45000");
        assertThat(ask(production, "SELECT name || ', ' || email FROM customers WHERE id = 1"))
            .isEqualTo("Bruno Abel, bruno.abel1@example.com");
        assertThat(ask(production, "SELECT nextval('order_number') > 145000 - 1")).isEqualTo("t");
        assertThat(
                ask(
                    production,
                    "SELECT count(*) FROM pg_authid WHERE rolname IN ('app', 'reader')"
                        + " AND rolcanlogin AND rolpassword LIKE 'SCRAM-SHA-256$%'"))
            .isEqualTo("2");
        assertThat(ask(production, "SELECT has_table_privilege('reader', 'orders', 'SELECT')"))
            .isEqualTo("t");
        assertThat(ask(production, "SELECT has_table_privilege('reader', 'orders', 'DELETE')"))
            .isEqualTo("f");
      }
    }
    assertThat(Leftovers.of(directory)).isEmpty();
  }

  private static String ask(ShopProduction production, String query) throws Exception {
    try (Connection connection = production.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
