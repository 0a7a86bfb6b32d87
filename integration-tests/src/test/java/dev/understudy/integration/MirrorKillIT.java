package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Daemon;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code kill -9} of the daemon's own process while production is copied, and while a snapshot is
 * made of the copy: the next daemon serves the snapshot of before at once, makes another one by
 * itself, and nothing is left of what was begun.
 */
@Timeout(3600)
class MirrorKillIT {
  /**
   * Kills at moments that chance chooses, after one in each phase; 0: in some phases only, one kill
   * behind the other.
   */
  private static final int ROUNDS = Integer.getInteger("understudy.mirror-kill-rounds", 0);

  private static final boolean THOROUGH = ROUNDS > 0;

  private static final List<MirrorPhase> SOME =
      List.of(MirrorPhase.BASE_BACKUP, MirrorPhase.COLUMNS);

  private static final List<MirrorPhase> ALL =
      List.of(
          MirrorPhase.BASE_BACKUP,
          MirrorPhase.STANDBY_STOPS,
          MirrorPhase.CUT,
          MirrorPhase.RECOVERY,
          MirrorPhase.NEUTRALISATION,
          MirrorPhase.COLUMNS,
          MirrorPhase.SCRIPT,
          MirrorPhase.FREEZE,
          MirrorPhase.SEAL);

  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** A phase may be over before the kill. */
  private static final int TRIES = 5;

  private int round;
  private int environment;

  /** The last round that there was a snapshot of for certain. */
  private int published;

  /** Snapshots that were made to look old. */
  private Set<String> old = Set.of();

  @Test
  void aStandbysSnapshotIsMadeByTheNextDaemon() throws Exception {
    try (MirroredShop shop = MirroredShop.open(MirroredShop.Type.STANDBY)) {
      shop.production().write(++round);
      if (THOROUGH) {
        killIn(shop, MirrorPhase.BASE_BACKUP);
        assertThat(shop.data().snapshots()).isEmpty();
      }
      first(shop);

      for (MirrorPhase phase : THOROUGH ? ALL : SOME) {
        if (phase == MirrorPhase.BASE_BACKUP) {
          shop.loseReplica();
        }
        killIn(shop, phase);
        if (THOROUGH) {
          recovers(shop);
        }
      }
      recovers(shop);
      survivesAtRandom(shop);
    }
  }

  @Test
  void aDumpIsMadeByTheNextDaemon() throws Exception {
    try (MirroredShop shop = MirroredShop.open(MirroredShop.Type.DUMP)) {
      shop.production().write(++round);
      first(shop);

      try (Connection locker = shop.production().connect("shop");
          var statement = locker.createStatement()) {
        locker.setAutoCommit(false);
        statement.execute("LOCK TABLE customer IN ACCESS EXCLUSIVE MODE");
        killIn(shop, MirrorPhase.PG_DUMP);
        locker.rollback();
      }
      if (THOROUGH) {
        for (MirrorPhase phase : List.of(MirrorPhase.PG_RESTORE, MirrorPhase.VACUUM)) {
          recovers(shop);
          killIn(shop, phase);
        }
        recovers(shop);
      }
      killIn(shop, MirrorPhase.COLUMNS);
      recovers(shop);
      survivesAtRandom(shop);
    }
  }

  private void first(MirroredShop shop) throws Exception {
    Daemon daemon = start(shop);
    assertThat(newest(daemon)).isEqualTo(round);
    published = round;
    shop.nothingIsLeft();
    daemon.kill();
  }

  private void survivesAtRandom(MirroredShop shop) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      long wait = random.nextInt(6000);
      System.err.printf("kill after %d ms (round %d of seed %d)%n", wait, i, seed);
      if (random.nextInt(4) == 0) {
        shop.loseReplica();
      }
      long due = System.nanoTime() + wait * 1_000_000;
      kill(shop, List.of(() -> System.nanoTime() > due));
      recovers(shop);
    }
  }

  /** Old data at once, and new data without help; ends with the daemon killed. */
  private void recovers(MirroredShop shop) throws Exception {
    assertThat(shop.data().snapshots()).isNotEmpty();
    Daemon daemon = start(shop);
    assertThat(newest(daemon)).isGreaterThanOrEqualTo(published);
    Await.stays(
        LONGEST,
        "another snapshot",
        () -> shop.data().snapshots().stream().noneMatch(old::contains));
    shop.nothingIsLeft();
    assertThat(newest(daemon)).isEqualTo(round);
    published = round;
    daemon.kill();
  }

  /** The last round that a new environment shows. */
  private long newest(Daemon daemon) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "app");
    properties.setProperty("password", MirroredProduction.PASSWORD);
    properties.setProperty("sslmode", "disable");
    try (Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:%d/shop%%40pr-%d".formatted(daemon.port(), ++environment),
            properties)) {
      assertThat(Shop.ask(connection, "SELECT count(*) FROM customer"))
          .isEqualTo(MirroredProduction.CUSTOMERS);
      return Shop.ask(connection, "SELECT max(n) FROM round");
    }
  }

  private static Daemon start(MirroredShop shop) throws Exception {
    return Daemon.start(shop.directory(), shop.data().path(), shop.settings());
  }

  private void killIn(MirroredShop shop, MirrorPhase phase) throws Exception {
    long began = System.nanoTime();
    int tries = 0;
    do {
      assertThat(tries).as("kills that came too late for %s", phase).isLessThan(TRIES);
      tries++;
      kill(
          shop,
          phase.way().stream()
              .<Callable<Boolean>>map(each -> () -> each.isOn(shop.data()))
              .toList());
    } while (!phase.isOn(shop.data()));
    System.err.printf(
        "%s: killed by try %d, %d ms%n", phase, tries, (System.nanoTime() - began) / 1_000_000);
  }

  /**
   * Starts a daemon for which a snapshot is due, and kills it when one after the other was true.
   */
  private void kill(MirroredShop shop, List<Callable<Boolean>> moments) throws Exception {
    old = shop.data().age();
    shop.production().write(++round);
    try (ExecutorService starter = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Daemon> started = starter.submit(() -> start(shop));
      try {
        for (Callable<Boolean> moment : moments) {
          Await.within(LONGEST, "the moment to kill", moment);
        }
      } finally {
        shop.killDaemon();
      }
      try {
        started.get().kill();
      } catch (ExecutionException e) {
        // It was not ready yet.
        assertThat(e).hasMessageContaining("did not start");
      }
    }
  }
}
