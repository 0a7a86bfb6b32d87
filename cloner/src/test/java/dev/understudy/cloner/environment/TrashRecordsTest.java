package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The trash of an earlier daemon, and records of it that cannot be read or written. */
final class TrashRecordsTest extends TrashFixture {
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

  /** A power cut is no reason for it: what tells of it was forced to the disk. */
  @Test
  void emptyRecordOfADurableOneCostsNothing() throws Exception {
    Path socket = bench.open("staging").socket();
    Path record = bench.directory.resolve("trash/" + onlyTarget() + ".json");
    Bench.await(bench.environments.drop("staging"));
    String whole = Files.readString(record);
    Files.writeString(record, "");

    bench.restart();
    assertThat(bench.environments.trash()).isEmpty();
    assertThat(bench.files("clones")).hasSize(1);
    Files.writeString(record, whole);
    bench.restart();

    Bench.await(bench.environments.undrop("staging", "staging"));
    assertThat(bench.open("staging").socket()).isEqualTo(socket);
  }

  @Test
  void emptyRecordOfAThrowAwayOneIsNone() throws Exception {
    bench.open("pr-1").close();
    Path record = bench.directory.resolve("trash/" + onlyTarget() + ".json");
    Bench.await(bench.environments.drop("pr-1"));
    Files.writeString(record, "");

    bench.restart();

    assertThat(bench.files("trash")).isEmpty();
    assertThat(bench.files("clones")).isEmpty();
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
}
