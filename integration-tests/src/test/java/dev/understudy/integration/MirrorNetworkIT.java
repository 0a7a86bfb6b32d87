package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.integration.MirrorUnderTest.Outcome;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The network to production is away while a snapshot is made: for a short time, which is waited
 * for, or for so long that the snapshot fails meanwhile. The one of before serves, and the next one
 * is made when the network is back.
 */
@Timeout(1800)
class MirrorNetworkIT {
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("understudy.network-outage", 3));

  /**
   * Without an answer the connection of a base backup ends after one minute, a dump's after two.
   */
  private static final boolean NOTICED = OUTAGE.toSeconds() >= 150;

  @Test
  void anOutageInABaseBackup() throws Exception {
    try (Link link = Link.make();
        MirroredShop shop = MirroredShop.open(MirroredShop.Type.STANDBY, link);
        MirrorUnderTest mirror = MirrorUnderTest.open(shop)) {
      mirror.loseReplica();
      CompletableFuture<Snapshot> cutting = mirror.cut();
      Await.within(
          MirrorUnderTest.LONGEST,
          "a base backup",
          () -> MirrorPhase.BASE_BACKUP.isOn(shop.data()));
      survivesOutage(link, shop, mirror, cutting);

      link.down();
      // It is cut of what is here.
      mirror.ends(mirror.cut(), Outcome.MADE);
      mirror.servesAsBefore();
      link.up();
      mirror.recovers();
      shop.nothingIsLeft();
    }
  }

  @Test
  void anOutageInADump() throws Exception {
    try (Link link = Link.make();
        MirroredShop shop = MirroredShop.open(MirroredShop.Type.DUMP, link);
        MirrorUnderTest mirror = MirrorUnderTest.open(shop)) {
      CompletableFuture<Snapshot> cutting;
      try (Connection locker = shop.production().connect("shop");
          Statement statement = locker.createStatement()) {
        locker.setAutoCommit(false);
        statement.execute("LOCK TABLE customer IN ACCESS EXCLUSIVE MODE");
        cutting = mirror.cut();
        Await.within(
            MirrorUnderTest.LONGEST,
            "pg_dump",
            () ->
                Shop.ask(
                        locker,
                        "SELECT count(*) FROM pg_locks WHERE relation = 'customer'::regclass"
                            + " AND NOT granted")
                    == 1);
        link.down();
        locker.rollback();
      }
      survivesOutage(link, shop, mirror, cutting);
      shop.nothingIsLeft();
    }
  }

  private static void survivesOutage(
      Link link, MirroredShop shop, MirrorUnderTest mirror, CompletableFuture<Snapshot> cutting)
      throws Exception {
    long began = System.nanoTime();
    link.down();
    assertThat(link.reaches(shop.production().port())).isFalse();
    mirror.servesAsBefore();
    if (NOTICED) {
      Await.within(OUTAGE, "the outage noticed", cutting::isDone);
    } else {
      TimeUnit.NANOSECONDS.sleep(began + OUTAGE.toNanos() - System.nanoTime());
      assertThat(cutting).isNotDone();
    }
    System.err.printf("%d ms of an outage%n", (System.nanoTime() - began) / 1_000_000);
    link.up();
    if (NOTICED) {
      mirror.ends(cutting, Outcome.FAILS);
      mirror.recovers();
    } else {
      mirror.ends(cutting, Outcome.MADE);
    }
  }
}
