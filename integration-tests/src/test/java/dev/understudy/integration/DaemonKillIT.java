package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Daemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} of the daemon's own process while environments are being made: none that had been
 * made is lost, and nothing is left that nobody owns.
 */
class DaemonKillIT {
  private static final String ENVIRONMENTS = "\"pr-*\" { source = prod, database = shop }";
  private static final String ROOT = "users.root { password = r, role = postgres, admin = true }";

  /** Ten times what it is to be on a quiet host, without the pause that systemd makes. */
  private static final Duration LONGEST_AWAY = Duration.ofSeconds(20);

  private static final int ROUNDS = Integer.getInteger("understudy.kill-rounds", 4);

  @Test
  void aKilledDaemonFindsEveryEnvironmentAgain() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Shop shop = Shop.open(Installations.embedded(), null, ENVIRONMENTS, ROOT);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<String> made = new ArrayList<>();
      long running = 0;
      for (int round = 0; round < ROUNDS; round++) {
        String database = "shop@pr-" + round;
        Future<Boolean> connected = clients.submit(() -> mark(shop, database));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(500)));
        long killed = System.nanoTime();
        shop.daemon().kill();
        if (connected.get()) {
          made.add(database);
        }

        shop.restart(ENVIRONMENTS);
        assertThat(running(shop)).as("what was used").isGreaterThanOrEqualTo(running);
        Duration away = Duration.ofNanos(System.nanoTime() - killed);
        System.out.printf(
            "killed with %d environments: nobody could log in for %d ms%n", round, away.toMillis());
        assertThat(away).isLessThan(LONGEST_AWAY);

        for (String each : made) {
          try (Connection connection = shop.connect(each)) {
            assertThat(Shop.ask(connection, "SELECT count(*) FROM marker"))
                .as("%s in round %d of seed %d", each, round, seed)
                .isEqualTo(1);
          }
        }
        try (Connection connection = shop.connect(database)) {
          assertThat(Shop.ask(connection, "SELECT count(*) FROM customer"))
              .isEqualTo(Shop.CUSTOMERS);
        }
        assertThat(Daemon.clones(shop.dataDirectory())).isEqualTo(round + 1);
        assertThat(entries(shop.dataDirectory().resolve("clones"))).isEqualTo(round + 1);
        assertThat(entries(shop.dataDirectory().resolve("environments"))).isEqualTo(round + 1);
        assertThat(entries(shop.dataDirectory().resolve("run"))).isEqualTo(round + 1);
        running = running(shop);
      }
      assertThat(running).isPositive();
    }
  }

  /** Seconds that environments have run, as far as it was written down. */
  private static long running(Shop shop) throws SQLException {
    try (Connection console = DriverManager.getConnection(shop.url("understudy"), "root", "r");
        Statement statement = console.createStatement();
        ResultSet row = statement.executeQuery("SHOW USAGE")) {
      long running = 0;
      while (row.next()) {
        running += row.getLong("running_seconds");
      }
      return running;
    }
  }

  /** True if the environment was made and the row is committed. */
  private static boolean mark(Shop shop, String database) {
    try (Connection connection = shop.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE marker AS SELECT 1");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static long entries(Path directory) throws Exception {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }
}
