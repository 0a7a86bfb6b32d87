package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.cloner.trash.TrashRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrashTest {
  private static final Duration WINDOW = Duration.ofHours(24);

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    bench = new Bench(directory);
    bench.undropWindow = WINDOW;
    bench.restart();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void droppedEnvironmentComesBackWithItsCloneAsleep() throws Exception {
    Path socket = bench.open("pr-1").socket();
    Bench.await(bench.environments.drop("pr-1"));
    assertThat(bench.servers.running).isEmpty();
    assertThat(bench.environments.list()).isEmpty();

    EnvironmentRecord back = Bench.await(bench.environments.undrop("pr-1", "pr-1"));

    assertThat(back.name()).isEqualTo("pr-1");
    assertThat(bench.servers.running).isEmpty();
    EnvironmentSession session = bench.open("pr-1");
    assertThat(session.socket()).isEqualTo(socket);
    assertThat(session.creation()).isEmpty();
    assertThat(bench.environments.trash()).isEmpty();
    assertThat(bench.files("trash")).isEmpty();
  }

  @Test
  void nameThatLivesAnewIsNotReplaced() throws Exception {
    Path former = bench.open("pr-1").socket();
    Bench.await(bench.environments.drop("pr-1"));
    Path anew = bench.open("pr-1").socket();

    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.undrop("pr-1", "pr-1"));
    Bench.await(bench.environments.undrop("pr-1", "pr-2"));

    assertThat(refusal.sqlState()).isEqualTo("42710");
    assertThat(refusal.hint()).hasValueSatisfying(hint -> assertThat(hint).contains(" AS "));
    assertThat(bench.open("pr-1").socket()).isEqualTo(anew);
    assertThat(bench.open("pr-2").socket()).isEqualTo(former);
  }

  @Test
  void nobodyWaitsForWhatCannotComeBack() throws Exception {
    bench.open("pr-2").close();
    Bench.await(bench.environments.drop("pr-2"));
    bench.open("pr-1").activity();
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    bench.duringLook =
        () -> {
          looked.countDown();
          awaitUnchecked(end);
        };
    CompletableFuture<Boolean> suspended = bench.environments.suspend("pr-1", false);
    looked.await();

    assertThat(Bench.failureOf(bench.environments.undrop("pr-2", "pr-1")).sqlState())
        .isEqualTo("42710");
    assertThat(bench.environments.open(new EnvironmentRequest("pr-1", "shop"))).isCompleted();

    end.countDown();
    Bench.failureOf(suspended);
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void youngestOfANameComesBackFirst() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.advance(Duration.ofMinutes(1));
    Path second = bench.open("pr-1").socket();
    Bench.await(bench.environments.drop("pr-1"));

    Bench.await(bench.environments.undrop("pr-1", "pr-1"));

    assertThat(bench.open("pr-1").socket()).isEqualTo(second);
    assertThat(bench.environments.trash()).hasSize(1);
  }

  @Test
  void windowEnds() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));

    bench.advance(WINDOW.minusSeconds(1));
    assertThat(bench.environments.trash())
        .extracting(TrashRecord::reason)
        .containsExactly(TrashReason.DROPPED);
    bench.advance(Duration.ofSeconds(2));
    bench.awaitEmptyTrash();

    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.files("trash")).isEmpty();
    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.undrop("pr-1", "pr-1"));
    assertThat(refusal.kind()).isEqualTo(Kind.UNKNOWN_ENVIRONMENT);
  }

  @Test
  void nothingGoesBecauseTheClockWasSetForward() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.advance(WINDOW.minusSeconds(1));

    bench.alarms.jump(WINDOW.multipliedBy(2));
    bench.advance(LifetimeWatch.GRACE.minusSeconds(1));
    assertThat(bench.environments.trash()).hasSize(1);
    assertThat(bench.files("trash")).hasSize(1);

    bench.advance(Duration.ofSeconds(1));
    bench.awaitEmptyTrash();
  }

  @Test
  void idleEnvironmentGoesToTheTrash() throws Exception {
    bench.open("pr-1").close();
    bench.advance(Bench.DROP_AFTER.plusMinutes(1));

    assertThat(bench.environments.list()).isEmpty();
    assertThat(bench.environments.trash())
        .extracting(TrashRecord::reason)
        .containsExactly(TrashReason.IDLE);
  }

  @Test
  void nextDaemonHasTheTrashAndItsWindowGoesOn() throws Exception {
    Path socket = bench.open("pr-1").socket();
    Bench.await(bench.environments.drop("pr-1"));
    bench.advance(Duration.ofHours(23));

    bench.restart();
    Bench.await(bench.environments.undrop("pr-1", "pr-1"));
    assertThat(bench.open("pr-1").socket()).isEqualTo(socket);
    Bench.await(bench.environments.drop("pr-1"));
    bench.restart();
    bench.advance(WINDOW.plusMinutes(1));
    bench.awaitEmptyTrash();

    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void environmentThatStillHasItsRecordIsNotInTheTrash() throws Exception {
    Path socket = bench.open("pr-1").socket();
    String id = bench.environments.list().getFirst().target();
    Bench.await(bench.environments.drop("pr-1"));
    Path record = bench.directory.resolve("environments/pr-1.json");
    Files.writeString(record, environmentOf(bench.directory.resolve("trash/" + id + ".json")));

    bench.restart();

    assertThat(bench.environments.trash()).isEmpty();
    assertThat(bench.files("trash")).isEmpty();
    assertThat(bench.open("pr-1").socket()).isEqualTo(socket);
  }

  private static String environmentOf(Path trashRecord) throws IOException {
    String json = Files.readString(trashRecord);
    int begin = json.indexOf('{', 1);
    return json.substring(begin, json.indexOf('}', begin) + 1);
  }

  @Test
  void brokenRecordOfTheTrashCostsNothing() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    Path socket = bench.open("pr-2").socket();
    Path record = bench.directory.resolve("trash/" + onlyTarget() + ".json");
    Bench.await(bench.environments.drop("pr-2"));
    String whole = Files.readString(record);
    Files.writeString(record, "{");

    bench.restart();
    assertThat(bench.environments.trash()).hasSize(1);
    assertThat(bench.files("clones")).hasSize(2);
    Files.writeString(record, whole);
    bench.restart();

    Bench.await(bench.environments.undrop("pr-2", "pr-2"));
    assertThat(bench.open("pr-2").socket()).isEqualTo(socket);
  }

  @Test
  void brokenRecordOfACloneOfTheTrashCostsNothing() throws Exception {
    Path socket = bench.open("pr-1").socket();
    Bench.await(bench.environments.drop("pr-1"));
    Path record = bench.files("clones").getFirst().resolve("clone.json");
    String whole = Files.readString(record);
    Files.writeString(record, "{");

    bench.restart();
    assertThat(bench.environments.trash()).isEmpty();
    Files.writeString(record, whole);
    bench.restart();

    Bench.await(bench.environments.undrop("pr-1", "pr-1"));
    assertThat(bench.open("pr-1").socket()).isEqualTo(socket);
  }

  @Test
  void recordThatCannotBeWrittenDoesNotStopTheStart() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    Path clone = bench.files("clones").getFirst();
    Path record = clone.resolve("clone.json");
    Files.writeString(record, Files.readString(record).replace("\"TRASHED\"", "\"SUSPENDED\""));
    Bench.forbidWriting(record);

    bench.restart();

    assertThat(bench.environments.trash()).hasSize(1);
    assertThat(clone).exists();
  }

  @Test
  void whatIsKnownToBeInTheTrashIsNotWrittenAnew() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    Path record = bench.files("clones").getFirst().resolve("clone.json");
    Object before = Files.getAttribute(record, "unix:ino");

    bench.restart();

    assertThat(Files.getAttribute(record, "unix:ino")).isEqualTo(before);
  }

  @Test
  void cloneWhoseRecordCannotBeWrittenCanBeHadBack() throws Exception {
    Path socket = bench.open("pr-1").socket();
    Bench.forbidWriting(bench.files("clones").getFirst().resolve("clone.json"));

    Bench.await(bench.environments.drop("pr-1"));

    assertThat(bench.servers.running).isEmpty();
    assertThat(bench.environments.trash()).hasSize(1);
    bench.restart();
    Bench.allowWriting(bench.files("clones").getFirst().resolve("clone.json"));
    Bench.await(bench.environments.undrop("pr-1", "pr-1"));
    assertThat(bench.open("pr-1").socket()).isEqualTo(socket);
  }

  @Test
  void nothingAutomaticLosesWhatTheTrashCannotRecord() throws Exception {
    bench.open("pr-1").close();
    Path record = bench.directory.resolve("trash/" + onlyTarget() + ".json");
    Bench.forbidWriting(record);

    bench.advance(Bench.DROP_AFTER.plusMinutes(1));
    assertThat(bench.environments.list()).hasSize(1);
    assertThat(bench.files("clones")).hasSize(1);
    Bench.allowWriting(record);
    bench.advance(Duration.ofMinutes(2));

    assertThat(bench.environments.list()).isEmpty();
    assertThat(bench.environments.trash()).hasSize(1);
  }

  @Test
  void dropByHandDoesNotNeedTheTrash() throws Exception {
    bench.open("pr-1").close();
    Bench.forbidWriting(bench.directory.resolve("trash/" + onlyTarget() + ".json"));

    assertThat(Bench.await(bench.environments.drop("pr-1"))).isTrue();

    bench.settle();
    assertThat(bench.files("clones")).isEmpty();
  }

  private String onlyTarget() {
    return requireNonNull(bench.environments.list().getFirst().target());
  }

  @Test
  void roomIsMadeByWhatHasBeenThereForLongest() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.advance(Duration.ofMinutes(1));
    bench.open("pr-2").close();
    Bench.await(bench.environments.drop("pr-2"));

    assertThat(bench.trash.removeOldest(Duration.ofSeconds(10))).isTrue();

    assertThat(bench.environments.trash())
        .extracting(record -> record.environment().name())
        .containsExactly("pr-2");
    assertThat(bench.files("clones")).hasSize(1);
    assertThat(bench.trash.removeOldest(Duration.ofSeconds(10))).isTrue();
    assertThat(bench.trash.removeOldest(Duration.ofSeconds(10))).isFalse();
  }

  @Test
  void whatIsKnownOfAnEnvironmentSurvivesDropAndUndrop() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.label("pr-1", "for the audit"));
    Bench.await(bench.environments.guard("pr-1", true));
    Bench.await(bench.environments.drop("pr-1"));

    EnvironmentRecord back = Bench.await(bench.environments.undrop("pr-1", "pr-9"));

    assertThat(back.label()).isEqualTo("for the audit");
    assertThat(back.guarded()).isTrue();
  }

  @Test
  void changeOfNothingFails() throws Exception {
    assertThat(Bench.failureOf(bench.environments.guard("pr-1", true)).kind())
        .isEqualTo(Kind.UNKNOWN_ENVIRONMENT);
    bench.settle();
    assertThat(bench.environments.size()).isZero();
  }
}
