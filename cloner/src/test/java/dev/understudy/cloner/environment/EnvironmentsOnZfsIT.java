package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.pool.ZfsFileSystem;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real servers on datasets of a ZFS. */
@Timeout(300)
final class EnvironmentsOnZfsIT {
  @Test
  void environmentsAreMadeTakenOverStoppedStartedAndDropped() throws Exception {
    try (ZfsFileSystem zfs = ZfsFileSystem.mount(2048)) {
      // The data directory is a dataset itself.
      zfs.create("d");
      Path directory = Stage.prepare(zfs.directory());
      try {
        Stage daemon = Stage.open(directory);
        assertThat(daemon.pool.describe()).isEqualTo("ZFS datasets");
        Stage.execute(daemon.session("pr-1"), "DELETE FROM t WHERE i > 5");
        Stage.execute(daemon.session("staging"), "DELETE FROM t WHERE i > 6");
        assertThat(Stage.query(daemon.session("pr-2"), "SELECT count(*) FROM t"))
            .isEqualTo(200_000);
        daemon.close();

        daemon = Stage.open(directory);
        EnvironmentSession taken = daemon.session("pr-1");
        assertThat(taken.creation()).isEmpty();
        assertThat(Stage.query(taken, "SELECT count(*) FROM t")).isEqualTo(5);
        daemon.service.close();
        daemon.clones.suspend(daemon.service.targets());
        assertThat(daemon.killAll()).isZero();
        daemon.close();

        daemon = Stage.open(directory);
        assertThat(Stage.query(daemon.session("staging"), "SELECT count(*) FROM t")).isEqualTo(6);
        assertThat(daemon.killAll()).as("what runs on a dataset is found").isPositive();
        for (EnvironmentStatus status : daemon.environments.list()) {
          daemon.environments.drop(status.name()).get(60, TimeUnit.SECONDS);
        }
        daemon.service.settled().get(60, TimeUnit.SECONDS);
        assertThat(daemon.clones.awaitRemovals(Stage.PATIENCE)).isTrue();
        assertThat(daemon.files("clones")).isEmpty();
        daemon.close();
      } finally {
        Stage.destroy(directory);
      }
    }
  }
}
