package dev.understudy.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.route.Names.SourceNames;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogTest {
  @Test
  void templatesAndClosedDatabasesAreNoNames() {
    Catalog catalog =
        new Catalog(
            List.of(),
            Set.of("boss"),
            "db.example.com",
            List.of(Samples.snapshot("prod", 150_018)));

    assertThat(catalog.names().sources().get("prod"))
        .isEqualTo(new SourceNames(Set.of("shop"), Set.of("alice", "reader", "owner"), 0));
    assertThat(catalog.names().users()).containsExactly("boss");
    assertThat(catalog.names().domain()).isEqualTo("db.example.com");
  }

  @Test
  void protocol32ComesWithVersion18() {
    Catalog catalog =
        new Catalog(
            List.of(),
            Set.of(),
            null,
            List.of(Samples.snapshot("new", 180_000), Samples.snapshot("old", 170_099)));

    assertThat(catalog.names().sources().get("new")).extracting("protocolMinor").isEqualTo(2);
    assertThat(catalog.names().sources().get("old")).extracting("protocolMinor").isEqualTo(0);
  }
}
