package dev.understudy.cloner;

import static dev.understudy.cloner.DiskFullStage.await;
import static dev.understudy.cloner.DiskFullStage.isDone;
import static dev.understudy.cloner.DiskFullStage.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk becomes full at every step: it is said, nothing is lost, and all goes on with room. */
@Timeout(300)
final class DiskFullIT {
  /** By what names begin with; the hook of a seeded one is run after the last step. */
  private static final Map<String, List<Step>> STEPS =
      Map.of(
          "pr-", List.of(Step.TREE_COPIED, Step.SERVER_RECORDED),
          "seeded-", List.of(Step.SERVER_STARTED),
          "safe-",
              List.of(
                  Step.CLONE_RECORDED,
                  Step.TREE_COPIED,
                  Step.CLONE_CONFIGURED,
                  Step.CLONE_SYNCED,
                  Step.SERVER_RECORDED,
                  Step.SERVER_STARTED));

  @ParameterizedTest
  @ValueSource(strings = {"btrfs", "xfs"})
  void itIsSaidAndNothingIsLost(String type) throws Exception {
    try (DiskFullStage stage = DiskFullStage.open(type)) {
      Cloner cloner = stage.cloner();
      EnvironmentSession kept = stage.connect("pr-kept");
      write(kept, "INSERT INTO t VALUES (7)");
      stage.connect("staging").close();

      creations(stage);
      wake(stage);
      branch(stage);
      move(stage, cloner::reset);
      move(stage, cloner::refresh);
      new DiskFullSnapshots(stage).run();
      spare(stage);

      assertThat(stage.sum("pr-kept")).isEqualTo(8);
      kept.close();
      for (var status : cloner.environments()) {
        cloner.drop(status.name()).get(60, TimeUnit.SECONDS);
      }
      await(() -> stage.disk().count("clones") == 0);
    }
  }

  private static void creations(DiskFullStage stage) throws Exception {
    for (Map.Entry<String, List<Step>> steps : STEPS.entrySet()) {
      for (Step step : steps.getValue()) {
        String name = steps.getKey() + step.name().toLowerCase(Locale.ROOT);
        stage.disk().fillAt(step);
        stage.attempt(name);
        assertThat(stage.disk().isReached()).as(name).isTrue();
        stage.disk().makeRoom();
        int seed = steps.getKey().equals("seeded-") ? DiskFullStage.SEED : 0;
        assertThat(stage.sum(name)).as(name).isEqualTo(1 + seed);
        stage.drop(name);
      }
    }
    assertThat(stage.disk().count("hooks")).isZero();
  }

  private static void wake(DiskFullStage stage) throws Exception {
    stage.connect("pr-kept").close();
    assertThat(stage.cloner().suspend("pr-kept", true).get(60, TimeUnit.SECONDS)).isTrue();
    stage.disk().fill();
    stage.attempt("pr-kept");
    stage.disk().makeRoom();
    assertThat(stage.sum("pr-kept")).isEqualTo(8);
  }

  /** The one that is branched stood still meanwhile, and goes on. */
  private static void branch(DiskFullStage stage) throws Exception {
    for (Step step : List.of(Step.PARENT_FROZEN, Step.SERVER_RECORDED)) {
      stage.disk().fillAt(step);
      boolean made = isDone("branch at " + step, branchOfKept(stage));
      assertThat(stage.disk().isReached()).isTrue();
      stage.disk().makeRoom();
      assertThat(stage.sum("pr-kept")).isEqualTo(8);
      if (!made) {
        branchOfKept(stage).get(60, TimeUnit.SECONDS);
      }
      assertThat(stage.sum("pr-branch")).isEqualTo(8);
      stage.drop("pr-branch");
    }
  }

  private static CompletableFuture<EnvironmentRecord> branchOfKept(DiskFullStage stage) {
    return stage.cloner().create("pr-branch", new CreateFrom.Environment("pr-kept"), false, null);
  }

  /** By hand, to what is in service, when all has been copied. */
  private static void move(
      DiskFullStage stage,
      BiFunction<String, Boolean, CompletableFuture<EnvironmentRecord>> operation)
      throws Exception {
    String name = "pr-moved";
    try (EnvironmentSession session = stage.connect(name)) {
      write(session, "INSERT INTO t VALUES (7)");
    }
    stage.disk().fillAt(Step.SERVER_RECORDED);
    boolean moved = isDone("move", operation.apply(name, true));
    assertThat(stage.disk().isReached()).isTrue();
    stage.disk().makeRoom();
    assertThat(stage.sum(name)).isEqualTo(moved ? 1 : 8);
    operation.apply(name, true).get(60, TimeUnit.SECONDS);
    assertThat(stage.sum(name)).isEqualTo(1);
  }

  /** Nobody waits for one, so nobody is told; another one is made once there is room. */
  private static void spare(DiskFullStage stage) throws Exception {
    Cloner cloner = stage.cloner();
    cloner.beginIdling();
    for (Step step : List.of(Step.TREE_COPIED, Step.SERVER_RECORDED)) {
      stage.disk().fillAt(step);
      stage.wantSpares(1);
      await(stage.disk()::isReached);
      await(() ->
          stage.disk().count("clones") == cloner.environments().size() + cloner.spares("prod"));
      stage.disk().makeRoom();
      stage.wantSpares(0);
      await(() -> stage.disk().count("clones") == cloner.environments().size());
    }
    stage.wantSpares(1);
    await(() -> cloner.spares("prod") == 1);
    assertThat(stage.sum("pr-spare")).isPositive();
    stage.wantSpares(0);
    await(() -> cloner.spares("prod") == 0);
  }
}
