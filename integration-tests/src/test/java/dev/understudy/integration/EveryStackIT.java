package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.testing.LoopImage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The main job on every PostgreSQL and on every file system that this host has; on each of these
 * with each of those only with {@code -Dunderstudy.every-step=true}.
 */
class EveryStackIT {
  static List<Arguments> stacks() throws Exception {
    List<Path> homes = Installations.all();
    List<LoopImage.@Nullable Type> fileSystems = new ArrayList<>(List.of(LoopImage.Type.values()));
    fileSystems.add(null);
    List<Arguments> stacks = new ArrayList<>();
    for (int i = 0; i < Math.max(homes.size(), fileSystems.size()); i++) {
      stacks.add(
          Arguments.of(homes.get(i % homes.size()), fileSystems.get(i % fileSystems.size())));
    }
    if (Boolean.getBoolean("understudy.every-step")) {
      stacks.clear();
      homes.forEach(home -> fileSystems.forEach(type -> stacks.add(Arguments.of(home, type))));
    }
    return stacks;
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void environmentsArePrivateCopiesOfProduction(Path home, LoopImage.@Nullable Type fileSystem)
      throws Exception {
    if (fileSystem != null) {
      assumeTrue(LoopImage.impediment(fileSystem).isEmpty(), LoopImage.impediment(fileSystem));
    }
    try (Shop shop = Shop.open(home, fileSystem, "\"pr-*\" { source = prod, database = shop }");
        Connection one = shop.connect("shop@pr-1");
        Connection two = shop.connect("shop@pr-2");
        Connection production = shop.production().connect("shop", "app")) {
      assertThat(Shop.ask(one, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
      assertThat(Shop.ask(two, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);

      execute(one, "INSERT INTO customer VALUES (0, 'only in pr-1')");
      execute(two, "DROP TABLE customer");

      assertThat(Shop.ask(one, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS + 1);
      assertThatThrownBy(() -> Shop.ask(two, "SELECT count(*) FROM customer"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42P01"));
      assertThat(Shop.ask(production, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
