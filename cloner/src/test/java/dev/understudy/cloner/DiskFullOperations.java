package dev.understudy.cloner;

import static dev.understudy.cloner.DiskFullStage.isDone;
import static dev.understudy.cloner.DiskFullStage.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentStatus;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The disk becomes full at every step that is reached of what somebody does to an environment. What
 * was there before can be used, or be had back.
 */
final class DiskFullOperations {
  /** Of what is there at first, and with what is written then. */
  private static final int FRESH = 1;

  private static final int USED = 8;

  private final DiskFullStage stage;
  private final Cloner cloner;
  private final String name;
  private final String former;

  /**
   * @param prefix of names, which says how durable what is made is
   */
  DiskFullOperations(DiskFullStage stage, String prefix) {
    this.stage = stage;
    this.cloner = stage.cloner();
    this.name = prefix + "moved";
    this.former = prefix + "former";
  }

  void run() throws Exception {
    use();
    branch();
    move("reset", false, () -> cloner.reset(name, true));
    move("refresh", true, () -> cloner.refresh(name, true));
    suspend();
    drop();
  }

  /** Its data is not what it was made with any more. */
  private void use() throws Exception {
    assertThat(stage.sum(name)).isEqualTo(FRESH);
    try (EnvironmentSession session = stage.connect(name)) {
      write(session, "INSERT INTO t VALUES (7)");
    }
  }

  /** Those that an operation comes to when there is room. */
  private List<Step> steps(Callable<CompletableFuture<?>> operation) throws Exception {
    Set<Step> _ = stage.disk().takeReached();
    operation.call().get(60, TimeUnit.SECONDS);
    return List.copyOf(stage.disk().takeReached());
  }

  /** The one that is branched stood still meanwhile, and goes on. */
  private void branch() throws Exception {
    Callable<CompletableFuture<?>> operation =
        () -> cloner.create("pr-branch", new CreateFrom.Environment(name), false, null);
    List<Step> steps = steps(operation);
    assertThat(steps).startsWith(Step.CLONE_RECORDED, Step.PARENT_FROZEN);
    stage.drop("pr-branch");
    for (Step step : steps) {
      stage.disk().fillAt(step);
      boolean made = isDone("branch at " + step, operation.call());
      assertThat(stage.disk().isReached()).as("branch at " + step).isTrue();
      stage.disk().makeRoom();
      assertThat(stage.sum(name)).as("branch at " + step).isEqualTo(USED);
      if (!made) {
        operation.call().get(60, TimeUnit.SECONDS);
      }
      assertThat(stage.sum("pr-branch")).as("branch at " + step).isEqualTo(USED);
      stage.drop("pr-branch");
    }
  }

  /**
   * To what is in service, whatever it was before.
   *
   * @param waits for room to keep what it was before
   */
  private void move(String verb, boolean waits, Callable<CompletableFuture<?>> operation)
      throws Exception {
    List<Step> steps = steps(operation);
    assertThat(steps).endsWith(Step.ENVIRONMENT_RECORDED, Step.CLONE_TRASHED);
    haveBack(verb);
    for (Step step : steps) {
      String when = verb + " at " + step;
      use();
      stage.disk().fillAt(step);
      boolean moved = isDone(when, operation.call());
      assertThat(stage.disk().isReached()).as(when).isTrue();
      stage.disk().makeRoom();
      assertThat(stage.sum(name)).as(when).isEqualTo(moved ? FRESH : USED);
      if (!moved) {
        assertThat(cloner.trash()).as(when).isEmpty();
        assertThat(stage.disk().count("trash")).as(when).isZero();
        operation.call().get(60, TimeUnit.SECONDS);
        assertThat(stage.sum(name)).as(when).isEqualTo(FRESH);
      }
      if (moved && !waits && step.compareTo(Step.ENVIRONMENT_RECORDED) < 0) {
        stage.emptyTrash(); // where there was no room for its record, there is nothing
      } else {
        haveBack(when);
      }
    }
    use();
  }

  private void suspend() throws Exception {
    stage.disk().fill();
    boolean stopped = isDone("suspend", cloner.suspend(name, true));
    assertThat(status().running()).isEqualTo(!stopped);
    stage.disk().makeRoom();
    assertThat(stage.sum(name)).isEqualTo(USED);
  }

  /** It cannot be had back where the disk was full before. */
  private void drop() throws Exception {
    List<Step> steps = steps(() -> cloner.drop(name));
    assertThat(steps).containsExactly(Step.ENVIRONMENT_FORGOTTEN, Step.CLONE_TRASHED);
    haveBack("drop");
    for (Step step : steps) {
      use();
      stage.disk().fillAt(step);
      assertThat(isDone("drop at " + step, cloner.drop(name))).isTrue();
      assertThat(stage.disk().isReached()).as("drop at " + step).isTrue();
      boolean back = isDone("undrop after drop at " + step, cloner.undrop(name, former));
      stage.disk().makeRoom();
      if (back) {
        check("drop at " + step);
      } else {
        haveBack("drop at " + step);
      }
    }
    use();
    stage.disk().fill();
    boolean dropped = isDone("drop", cloner.drop(name));
    stage.disk().makeRoom();
    stage.awaitRemovals();
    assertThat(stage.sum(name)).isEqualTo(dropped ? FRESH : USED);
    stage.drop(name);
    stage.emptyTrash();
  }

  private void haveBack(String when) throws Exception {
    assertThat(cloner.trash()).as(when).hasSize(1);
    cloner.undrop(name, former).get(60, TimeUnit.SECONDS);
    check(when);
  }

  private void check(String when) throws Exception {
    assertThat(stage.sum(former)).as(when).isEqualTo(USED);
    assertThat(stage.disk().count("trash")).as(when).isZero();
    stage.drop(former);
  }

  private EnvironmentStatus status() {
    return cloner.environments().stream()
        .filter(status -> status.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
