package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Limits;
import dev.understudy.config.NamePattern;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is to outlive a power cut is forced to the disk, what cannot costs nobody that time. */
final class SyncTest extends BenchFixture {
  private static final String FORCED = "jdk.FileForce";
  private final Recording recording = new Recording();
  private Path dump;

  @BeforeEach
  void prepare() throws Exception {
    bench.undropWindow = Duration.ofDays(1);
    bench.restart();
    dump = bench.directory.resolve("forced.jfr");
    recording.enable(FORCED).withoutThreshold().withoutStackTrace();
  }

  @AfterEach
  void close() {
    recording.close();
  }

  @Test
  void throwAwayEnvironmentThatRunsWaitsForNoDisk() throws Exception {
    recording.start();
    bench.open("pr-1").activity();
    bench.advance(ActivityJournal.SAVE_AFTER.plusSeconds(1));

    assertThat(forced()).isEmpty();
  }

  @Test
  void activityOfOneThatIsGuardedIsForced() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.guard("pr-1", true));
    recording.start();
    bench.open("pr-1").activity();
    bench.advance(ActivityJournal.SAVE_AFTER.plusSeconds(1));

    assertThat(forced()).containsExactly(".pr-1.json.tmp", "environments");
  }

  @Test
  void allThatTellsOfOneThatSleepsIsForced() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.suspend("pr-1", true));
    String id = String.valueOf(bench.environments.list().getFirst().target());
    recording.start();
    Bench.await(bench.environments.drop("pr-1"));
    Bench.await(bench.environments.undrop("pr-1", "pr-2"));

    assertThat(forced())
        .containsSubsequence(
            "." + id + ".json.tmp", // comes into the trash
            "environments", // is forgotten
            ".clone.json.tmp",
            ".pr-2.json.tmp", // has an environment again
            ".clone.json.tmp");
  }

  @Test
  void thatOneWakesIsForcedBeforeItsServerRuns() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.suspend("pr-1", true));
    bench.servers.onStarted = server -> recording.stop();
    recording.start();
    bench.open("pr-1").close();

    assertThat(forced()).startsWith(".clone.json.tmp");
  }

  @Test
  void whoOwnsTheCloneIsForcedWhenItHasGoneToSleep() throws Exception {
    bench.open("pr-1").close();
    recording.start();
    Bench.await(bench.environments.suspend("pr-1", true));

    assertThat(forced())
        .containsExactly(".clone.json.tmp", cloneId(), ".pr-1.json.tmp", "environments");
  }

  @Test
  void alsoOnceWhatMadeRoomIsBroughtToTheDisk() throws Exception {
    bench.limits = new Limits(10, 1);
    bench.open("pr-1").close();
    bench.open("pr-2").close();
    bench.settle();
    recording.start();
    bench.advance(Settling.DELAY);

    assertThat(forced()).containsSubsequence(".clone.json.tmp", ".pr-1.json.tmp");
  }

  @Test
  void andWhereTheDaemonEndsWithAllServers() throws Exception {
    bench.open("pr-1").close();
    bench.service.close();
    bench.clones.suspend(bench.service.targets());
    recording.start();
    bench.service.forceRecords();

    assertThat(forced()).containsExactly(".pr-1.json.tmp", "environments");
  }

  @Test
  void oneThatCannotBeForcedCostsNoOther() throws Exception {
    bench.open("pr-1").close();
    bench.open("pr-2").close();
    bench.service.close();
    bench.clones.suspend(bench.service.targets());
    Bench.forbidWriting(bench.directory.resolve("environments/pr-1.json"));
    recording.start();
    bench.service.forceRecords();

    assertThat(forced()).contains(".pr-2.json.tmp");
  }

  @Test
  void whoOwnsWhatBecomesDurableIsForcedAsItWakes() throws Exception {
    bench.open("pr-1").close();
    bench.servers.started.getFirst().kill();
    bench.policies = List.of(new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null));
    recording.start();
    bench.open("pr-1").close();

    assertThat(forced()).contains(".pr-1.json.tmp");
  }

  @Test
  void whatSleptWhenTheDaemonBeganIsNotForcedAgain() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.suspend("pr-1", true));
    bench.restart();
    bench.service.close();
    recording.start();
    bench.service.forceRecords();

    assertThat(forced()).isEmpty();
  }

  @Test
  void whatRanThenIs() throws Exception {
    bench.open("pr-1").close();
    bench.restart();
    recording.start();
    Bench.await(bench.environments.suspend("pr-1", true));

    assertThat(forced()).contains(".pr-1.json.tmp");
  }

  @Test
  void whatIsOnDiskIsNotForcedAgain() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.guard("pr-1", true));
    recording.start();
    Bench.await(bench.environments.suspend("pr-1", true));

    assertThat(forced()).doesNotContain(".pr-1.json.tmp");
  }

  /** Of pr-1. */
  private String cloneId() {
    return bench.environments.target("pr-1").orElseThrow().id();
  }

  private List<String> forced() throws IOException {
    if (recording.getState() == RecordingState.RUNNING) {
      recording.stop();
    }
    recording.dump(dump);
    // A file holds the events of each thread together.
    return RecordingFile.readAllEvents(dump).stream()
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .map(event -> Path.of(event.getString("path")))
        .filter(path -> path.startsWith(bench.directory))
        .filter(path -> !path.endsWith("forced.jfr"))
        .map(path -> String.valueOf(path.getFileName()))
        .toList();
  }
}
