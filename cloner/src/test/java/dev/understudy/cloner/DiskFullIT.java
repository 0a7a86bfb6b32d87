package dev.understudy.cloner;

import static dev.understudy.cloner.DiskFullStage.await;
import static dev.understudy.cloner.DiskFullStage.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.environment.EnvironmentSession;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                  Step.SERVER_STARTED,
                  Step.ENVIRONMENT_RECORDED));

  @ParameterizedTest
  @CsvSource({"btrfs, safe-", "xfs, pr-"})
  void itIsSaidAndNothingIsLost(String type, String moved) throws Exception {
    try (DiskFullStage stage = DiskFullStage.open(type)) {
      Cloner cloner = stage.cloner();
      EnvironmentSession kept = stage.connect("pr-kept");
      write(kept, "INSERT INTO t VALUES (7)");
      stage.connect("staging").close();

      creations(stage);
      wake(stage);
      new DiskFullOperations(stage, moved).run();
      new DiskFullSnapshots(stage).run();
      stage.emptyTrash();
      spare(stage);

      assertThat(stage.sum("pr-kept")).isEqualTo(8);
      kept.close();
      for (var status : cloner.environments()) {
        stage.drop(status.name());
      }
      assertThat(stage.disk().count("clones")).isZero();
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
