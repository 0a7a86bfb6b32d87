package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.CloneProcesses;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The daemon dies at every step; the next one loses nothing that had been made and leaves nothing
 * that nobody owns. {@code -Dunderstudy.every-step=true} does so of each way that leads through a
 * step, not of one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class CrashIT {
  private static final boolean EVERY_STEP = Boolean.getBoolean("understudy.every-step");

  /** Beside what a move goes through, too. */
  private static final Set<Step> CREATING = Set.of(Step.SERVER_RECORDED, Step.ENVIRONMENT_RECORDED);

  private static final Set<Step> DROPPING = Set.of(Step.ENVIRONMENT_FORGOTTEN);
  private static final Set<Step> BRANCHING = Set.of(Step.PARENT_FROZEN, Step.ENVIRONMENT_RECORDED);

  private static final Duration UNDROP_WINDOW = Duration.ofHours(1);

  private @Nullable StagePlace place;
  private Path directory = Path.of("");

  @BeforeAll
  void prepare() throws Exception {
    place = Accounts.isRoot() ? StagePlace.onBtrfs() : StagePlace.plain();
    directory = Stage.prepare(place.directory());
    try (Stage daemon = Stage.open(directory)) {
      Stage.execute(daemon.session("pr-kept"), "DELETE FROM t WHERE i > 7");
    }
  }

  @AfterAll
  void destroy() throws Exception {
    if (place != null) {
      Stage.destroy(directory);
      place.remove();
    }
  }

  private static List<Step> making() {
    return List.of(
        Step.CLONE_RECORDED,
        Step.TREE_COPIED,
        Step.CLONE_CONFIGURED,
        Step.CLONE_SYNCED,
        Step.SERVER_RECORDED,
        Step.SERVER_STARTED,
        Step.ENVIRONMENT_RECORDED);
  }

  private static List<Step> removing() {
    return List.of(Step.CLONE_REMOVING, Step.SERVER_ENDED, Step.TREE_DELETED, Step.CLONE_FORGOTTEN);
  }

  private static Stream<Step> dropping() {
    return Stream.concat(Stream.of(Step.ENVIRONMENT_FORGOTTEN), removing().stream())
        .filter(step -> EVERY_STEP || DROPPING.contains(step));
  }

  private static Stream<Step> creating() {
    return making().stream().filter(step -> EVERY_STEP || CREATING.contains(step));
  }

  private static Stream<Step> moving() {
    return Stream.concat(making().stream(), removing().stream());
  }

  /** Of a throw-away branch, which is not synced. */
  private static Stream<Step> branching() {
    return Stream.concat(Stream.of(Step.PARENT_FROZEN), making().stream())
        .filter(step -> step != Step.CLONE_SYNCED)
        .filter(step -> EVERY_STEP || BRANCHING.contains(step));
  }

  @ParameterizedTest
  @MethodSource("creating")
  void diesWhileMaking(Step step) throws Exception {
    assertThat(CrashMain.run(directory, "make", step.name())).isEqualTo(CrashMain.DEAD);

    boolean made = step == Step.ENVIRONMENT_RECORDED;
    checkNextDaemon(made ? Set.of("pr-kept", "staging") : Set.of("pr-kept"));
  }

  @ParameterizedTest
  @MethodSource("dropping")
  void diesWhileDropping(Step step) throws Exception {
    try (Stage daemon = Stage.open(directory)) {
      daemon.session("staging");
    }

    assertThat(CrashMain.run(directory, "drop", step.name())).isEqualTo(CrashMain.DEAD);

    checkNextDaemon(Set.of("pr-kept"));
  }

  @ParameterizedTest
  @MethodSource("moving")
  void diesWhileMoving(Step step) throws Exception {
    try (Stage daemon = Stage.open(directory)) {
      Stage.execute(daemon.session("staging"), "DELETE FROM t WHERE i > 9");
    }

    assertThat(CrashMain.run(directory, "reset", step.name())).isEqualTo(CrashMain.DEAD);

    try (Stage daemon = Stage.open(directory)) {
      boolean moved = step.compareTo(Step.ENVIRONMENT_RECORDED) >= 0;
      assertThat(Stage.query(daemon.session("staging"), "SELECT count(*) FROM t"))
          .isEqualTo(moved ? 200_000 : 9);
      daemon.environments.reset("staging", true).get(60, TimeUnit.SECONDS);
      check(daemon);
    }
  }

  @ParameterizedTest
  @MethodSource("branching")
  void diesWhileBranching(Step step) throws Exception {
    assertThat(CrashMain.run(directory, "branch", step.name())).isEqualTo(CrashMain.DEAD);

    try (Stage daemon = Stage.open(directory)) {
      boolean made = step == Step.ENVIRONMENT_RECORDED;
      assertThat(daemon.environments.list())
          .extracting(EnvironmentStatus::name)
          .containsExactlyElementsOf(made ? List.of("pr-branch", "pr-kept") : List.of("pr-kept"));
      assertThat(daemon.environments.target("pr-kept").orElseThrow().server()).isPresent();
      if (made) {
        assertThat(Stage.query(daemon.session("pr-branch"), "SELECT count(*) FROM t")).isEqualTo(7);
        daemon.environments.drop("pr-branch").get(60, TimeUnit.SECONDS);
      }
      check(daemon);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ENVIRONMENT_FORGOTTEN", "CLONE_TRASHED"})
  void diesWhileWhatIsDroppedGoesToTheTrash(Step step) throws Exception {
    try (Stage daemon = Stage.open(directory)) {
      Stage.execute(daemon.session("staging"), "DELETE FROM t WHERE i > 9");
    }

    assertThat(CrashMain.run(directory, "drop", step.name(), UNDROP_WINDOW.toString()))
        .isEqualTo(CrashMain.DEAD);

    try (Stage daemon = Stage.openWithTrash(directory, UNDROP_WINDOW, StepListener.NONE)) {
      assertThat(daemon.environments.list())
          .extracting(EnvironmentStatus::name)
          .containsExactly("pr-kept");
      haveBack(daemon, "staging", 9);
    }
    dropAndCheck("staging");
  }

  @ParameterizedTest
  @EnumSource(names = {"ENVIRONMENT_RECORDED", "CLONE_TRASHED"})
  void diesWhileWhatIsReplacedGoesToTheTrash(Step step) throws Exception {
    try (Stage daemon = Stage.open(directory)) {
      Stage.execute(daemon.session("staging"), "DELETE FROM t WHERE i > 9");
    }

    assertThat(CrashMain.run(directory, "reset", step.name(), UNDROP_WINDOW.toString()))
        .isEqualTo(CrashMain.DEAD);

    try (Stage daemon = Stage.openWithTrash(directory, UNDROP_WINDOW, StepListener.NONE)) {
      assertThat(Stage.query(daemon.session("staging"), "SELECT count(*) FROM t"))
          .isEqualTo(200_000);
      haveBack(daemon, "pr-former", 9);
    }
    dropAndCheck("pr-former");
  }

  private static void haveBack(Stage daemon, String as, int rows) throws Exception {
    assertThat(daemon.environments.trash()).hasSize(1);
    daemon.environments.undrop("staging", as).get(60, TimeUnit.SECONDS);
    assertThat(Stage.query(daemon.session(as), "SELECT count(*) FROM t")).isEqualTo(rows);
    assertThat(daemon.files("trash")).isEmpty();
  }

  private void dropAndCheck(String name) throws Exception {
    try (Stage daemon = Stage.open(directory)) {
      daemon.environments.drop(name).get(60, TimeUnit.SECONDS);
      check(daemon);
    }
  }

  @RepeatedTest(3)
  void diesAnywhere() throws Exception {
    Process child = CrashMain.start(directory, "churn");
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      while (line != null && !line.equals("open")) {
        line = output.readLine();
      }
      Thread.sleep(ThreadLocalRandom.current().nextInt(2000));
      assertThat(child.isAlive()).isTrue();
    } finally {
      child.destroyForcibly().waitFor();
    }

    try (Stage daemon = Stage.open(directory)) {
      check(daemon);
    }
  }

  private void checkNextDaemon(Set<String> expected) throws Exception {
    try (Stage daemon = Stage.open(directory)) {
      assertThat(daemon.environments.list())
          .extracting(EnvironmentStatus::name)
          .containsExactlyInAnyOrderElementsOf(expected);
      check(daemon);
    }
  }

  private void check(Stage daemon) throws Exception {
    assertThat(daemon.clones.awaitRemovals(Stage.PATIENCE)).isTrue();
    Set<String> owned = new TreeSet<>();
    Set<String> running = new TreeSet<>();
    for (EnvironmentStatus status : daemon.environments.list()) {
      owned.add(requireNonNull(status.target()));
      if (status.running()) {
        running.add(requireNonNull(status.target()));
      }
    }
    assertThat(names(daemon.files("clones"))).isEqualTo(owned);
    assertThat(names(daemon.files("run"))).isSubsetOf(owned);
    awaitProcessesOf(running);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain(directory.toString());
    assertThat(Stage.query(daemon.session("pr-kept"), "SELECT count(*) FROM t")).isEqualTo(7);
    assertThat(Stage.query(daemon.session("staging"), "SELECT count(*) FROM t")).isEqualTo(200_000);

    for (String name : List.of("staging", "pr-churn")) {
      daemon.environments.drop(name).get(60, TimeUnit.SECONDS);
    }
    assertThat(daemon.clones.awaitRemovals(Stage.PATIENCE)).isTrue();
    assertThat(daemon.files("clones")).hasSize(1);
    awaitProcessesOf(names(daemon.files("clones")));
  }

  private static Set<String> names(List<Path> paths) {
    Set<String> names = new TreeSet<>();
    paths.forEach(path -> names.add(String.valueOf(path.getFileName())));
    return names;
  }

  /** The outermost process of a sandbox ends by itself, a moment after the last one inside. */
  private void awaitProcessesOf(Set<String> ids) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!processes().ids().equals(ids) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    assertThat(processes().ids()).isEqualTo(ids);
  }

  private CloneProcesses processes() {
    return new CloneProcesses(directory.resolve("clones"));
  }
}
