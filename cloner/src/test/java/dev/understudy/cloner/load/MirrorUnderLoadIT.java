package dev.understudy.cloner.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.Programs;
import dev.understudy.cloner.pool.image.ImageType;
import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.cloner.pool.image.PoolPlan;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Settings;
import dev.understudy.config.SettingsFile;
import dev.understudy.embedded.DirectoryTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole cloner in front of a production that never rests: every snapshot is consistent, and
 * production feels nothing of the clones, whatever is tried in them.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class MirrorUnderLoadIT {
  private static final int SNAPSHOTS = Integer.getInteger("understudy.snapshots", 2);
  private static final int MAJOR = Integer.getInteger("understudy.load.major", 15);

  private Path home = Path.of("");
  private Path parent = Path.of("");

  @BeforeEach
  void makeDirectory() throws Exception {
    home = Workbench.homeWithPrograms(MAJOR);
    // Short, since unix sockets lie below it.
    parent = Files.createTempDirectory("und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    if (Accounts.isRoot() && Programs.find("mkfs.btrfs").isPresent()) {
      PoolImage.create(PoolPlan.image(data(), 8L << 30, ImageType.BTRFS));
    }
  }

  @AfterEach
  void removeAll() throws Exception {
    PoolImage.remove(data());
    DirectoryTree.delete(parent);
  }

  @Test
  void followedByAStandby() throws Exception {
    mirror("standby", BusyProduction.FOLLOWER);
  }

  @Test
  void dumped() throws Exception {
    mirror("dump", BusyProduction.DUMPER);
  }

  private void mirror(String type, String role) throws Exception {
    try (BusyProduction production = BusyProduction.open(home, parent)) {
      Cloner cloner = Cloner.open(settings(type, production.url(role)));
      try {
        Snapshot snapshot = cloner.snapshots().getFirst();
        long entries = check(cloner, "pr-1", production);
        for (int i = 2; i <= SNAPSHOTS; i++) {
          long begin = System.nanoTime();
          Snapshot next = cloner.cutSnapshot("prod").get(300, TimeUnit.SECONDS);
          Duration took = Duration.ofNanos(System.nanoTime() - begin);
          assertThat(next.dataTime()).isAfter(snapshot.dataTime());
          long more = check(cloner, "pr-" + i, production);
          assertThat(more).isGreaterThan(entries);
          System.out.printf(
              "%s of %d: snapshot %d cut in %d ms, %d transactions%n",
              type, MAJOR, i, took.toMillis(), more);
          snapshot = next;
          entries = more;
        }
      } finally {
        cloner.shutdown();
      }
      production.endUnharmed(role);
    }
  }

  private static long check(Cloner cloner, String environment, BusyProduction production)
      throws Exception {
    try (EnvironmentSession session =
        cloner
            .open(new EnvironmentRequest(environment, BusyProduction.BANK))
            .get(60, TimeUnit.SECONDS)) {
      CloneCheck clone = new CloneCheck(session.socket());
      try (Connection shop = clone.connect(BusyProduction.SHOP, "postgres")) {
        Attack.subscribeWithoutConnecting(shop, production.server());
        for (Attack attack : Attack.all(production.server())) {
          attack.fails(shop);
        }
      }
      return clone.run();
    } finally {
      assertThat(cloner.drop(environment).get(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Settings settings(String type, String url) throws Exception {
    Path file = parent.resolve("understudy.conf");
    Files.writeString(
        file,
        """
        understudy {
          data-directory = "%s"
          postgresql.binaries = ["%s"]
          sources.prod { type = %s, url = "%s", snapshots.keep = 2 }
          environments."pr-*" { source = prod, database = bank }
        }
        """
            .formatted(data(), home, type, url));
    return SettingsFile.read(file).settings();
  }

  private Path data() {
    return parent.resolve("d");
  }
}
