package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Daemon;
import dev.understudy.testing.LoopImage;
import java.nio.file.Files;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many clients arrive at once at names that do not exist. */
class ManyClientsIT {
  private static final int CLIENTS = 200;
  private static final int NAMES = 20;

  @Test
  void twoHundredClientsOfTwentyNewNamesGetTwentyClones() throws Exception {
    LoopImage.Type fileSystem =
        LoopImage.impediment(LoopImage.Type.BTRFS).isEmpty() ? LoopImage.Type.BTRFS : null;
    try (Shop shop =
            Shop.open(
                Installations.embedded(),
                fileSystem,
                "\"pr-*\" { source = prod, database = shop }");
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Connection>> connecting = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        String database = "shop@pr-" + client % NAMES;
        connecting.add(executor.submit(() -> shop.connect(database)));
      }
      List<Connection> connections = new ArrayList<>();
      for (Future<Connection> connection : connecting) {
        connections.add(connection.get());
      }
      for (Connection connection : connections) {
        assertThat(Shop.ask(connection, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
        connection.close();
      }
      try (Stream<?> clones = Files.list(shop.dataDirectory().resolve("clones"))) {
        assertThat(clones.count()).isEqualTo(NAMES);
      }
      assertThat(Daemon.clones(shop.dataDirectory())).isEqualTo(NAMES);
    }
  }
}
