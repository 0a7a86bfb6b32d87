package dev.understudy.cloner;

import static dev.understudy.cloner.DiskFullStage.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.FullDisk.CutPoint;
import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.snapshot.SnapshotException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The disk becomes full while snapshots are cut, and while one is moved to. */
final class DiskFullSnapshots {
  /** By file system; once it is sealed, the little that is still to be written may have room. */
  private static final Map<String, List<CutPoint>> POINTS =
      Map.of(
          "btrfs", List.of(CutPoint.COPYING, CutPoint.COPIED, CutPoint.SEALED),
          "xfs",
              List.of(CutPoint.COPYING, CutPoint.FIRST_TABLE_MASKED, CutPoint.LAST_TABLE_MASKED));

  private final DiskFullStage stage;
  private final Cloner cloner;

  DiskFullSnapshots(DiskFullStage stage) {
    this.stage = stage;
    this.cloner = stage.cloner();
  }

  void run() throws Exception {
    cuts();
    refresh();
  }

  private void cuts() throws Exception {
    stage.execute("INSERT INTO t VALUES (100)");
    stage.disk().fill();
    assertThat(isCut("from the beginning")).isFalse();
    for (CutPoint point : requireNonNull(POINTS.get(stage.fileSystem()))) {
      stage.disk().fillAt(point);
      boolean cut = isCut(point.toString());
      assertThat(stage.disk().isReached()).as(point.toString()).isTrue();
      assertThat(cut && point != CutPoint.SEALED).as("there was room, " + point).isFalse();
    }
  }

  /** One snapshot is in service, the new one or else the one before, and nothing else is left. */
  private boolean isCut(String when) throws Exception {
    Snapshot serving = cloner.snapshots().getFirst();
    CompletableFuture<Snapshot> asked = cloner.cutSnapshot("prod");
    boolean cut = false;
    try {
      serving = asked.get(60, TimeUnit.SECONDS);
      cut = true;
    } catch (ExecutionException e) {
      SnapshotException failure = (SnapshotException) requireNonNull(e.getCause());
      assertThat(failure.kind())
          .as(when + ": " + failure.getMessage() + ": " + failure.detail())
          .isEqualTo(SnapshotException.Kind.SPACE);
      assertThat(failure.hint()).contains("Enlarge");
    } finally {
      stage.disk().makeRoom();
    }
    assertThat(cloner.snapshots()).containsExactly(serving);
    await(() -> stage.disk().count("snapshots") == 1);
    return cut;
  }

  private void refresh() throws Exception {
    stage.execute("INSERT INTO t VALUES (1000)");
    do {
      stage.disk().makeRoom();
      stage.disk().fillAt(Step.TREE_COPIED); // of the clone that staging is to move to
    } while (!isCutBeforeThat());
    await(stage.disk()::isReached);
    stage.disk().makeRoom();
    assertThat(stage.sum("staging")).isIn(1L, 101L, 1101L);

    stage.execute("INSERT INTO t VALUES (10000)");
    Snapshot newest = cloner.cutSnapshot("prod").get(60, TimeUnit.SECONDS);
    await(() -> newest.dataTime().equals(dataTime()));
    assertThat(stage.sum("staging")).isEqualTo(11101);
  }

  /** It may still be moving to an earlier one, whose clone fills the disk too soon. */
  private boolean isCutBeforeThat() throws Exception {
    try {
      cloner.cutSnapshot("prod").get(60, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      assertThat(((SnapshotException) requireNonNull(e.getCause())).kind())
          .isEqualTo(SnapshotException.Kind.SPACE);
      return false;
    }
  }

  private @Nullable Instant dataTime() {
    return cloner.environments().stream()
        .filter(status -> status.name().equals("staging"))
        .findFirst()
        .orElseThrow()
        .dataTime();
  }
}
