package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Records that a daemon finds when it begins, whole, damaged, missing or old. */
final class RecordsTest extends BenchFixture {
  @Test
  void directoriesWithoutRecordGo() throws Exception {
    Files.createDirectories(bench.directory.resolve("clones/halfmade/data"));
    Files.createDirectories(bench.directory.resolve("clones/halfmade2"));
    Files.createFile(bench.directory.resolve("clones/halfmade2/clone.json"));
    Files.createDirectories(bench.directory.resolve("run/orphan"));
    Files.createFile(bench.directory.resolve("run/orphan/.s.PGSQL.5432.lock"));
    Files.createFile(bench.directory.resolve("environments/pr-9.json"));
    Files.createFile(bench.directory.resolve("environments/.pr-9.json.tmp"));

    bench.restart();

    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.files("run")).isEmpty();
    assertThat(bench.files("environments")).isEmpty();
  }

  @Test
  void cloneWhoseRecordIsDamagedIsLeftAloneAndSaysSo() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    Path directory = bench.files("clones").getFirst();
    Files.writeString(directory.resolve("clone.json"), "{ broken");

    bench.restart();

    assertThat(bench.environments.open(new EnvironmentRequest("pr-1", "shop")))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(EnvironmentUnavailable.class)
        .withMessageContaining("environment \"pr-1\" is damaged");
    assertThat(directory).exists();
    assertThat(Bench.await(bench.environments.drop("pr-1"))).isTrue();
  }

  @Test
  void durableCloneWhoseRecordIsEmptyOrMissingIsLeftAloneAndSaysSo() throws Exception {
    bench.open("staging").close();
    Path directory = bench.files("clones").getFirst();
    Files.writeString(directory.resolve("clone.json"), "");

    bench.restart();
    requireDamagedStaging();
    Files.delete(directory.resolve("clone.json"));
    bench.restart();

    requireDamagedStaging();
    assertThat(directory.resolve("data")).isNotEmptyDirectory();
  }

  @Test
  void soIsOneInTheTrash() throws Exception {
    bench.undropWindow = Duration.ofDays(1);
    bench.restart();
    bench.open("staging").close();
    Bench.await(bench.environments.drop("staging"));
    Path directory = bench.files("clones").getFirst();
    Files.writeString(directory.resolve("clone.json"), "");

    bench.restart();

    assertThat(directory.resolve("data")).isNotEmptyDirectory();
    assertThat(bench.files("trash")).hasSize(1);
  }

  @Test
  void durableEnvironmentWhoseRecordIsEmptyLosesNothingAndSaysSo() throws Exception {
    bench.open("staging").close();
    Files.writeString(bench.directory.resolve("environments/staging.json"), "");

    bench.restart();

    requireDamagedStaging();
    Files.writeString(bench.files("clones").getFirst().resolve("clone.json"), "");
    bench.restart();
    assertThat(bench.files("clones").getFirst().resolve("data")).isNotEmptyDirectory();
    assertThat(Bench.await(bench.environments.drop("staging"))).isTrue();
  }

  private void requireDamagedStaging() throws Exception {
    EnvironmentUnavailable refusal =
        Bench.failureOf(bench.environments.open(new EnvironmentRequest("staging", "shop")));
    assertThat(refusal).hasMessage("environment \"staging\" is damaged");
    assertThat(refusal.sqlState()).isEqualTo("58000");
    assertThat(refusal.hint()).get().asString().startsWith("Mend ");
  }

  @Test
  void environmentWhoseRecordIsDamagedCostsNobodyElseAndLosesNothing() throws Exception {
    bench.open("pr-1").close();
    Path other = bench.open("pr-2").socket();
    Path record = bench.directory.resolve("environments/pr-1.json");
    String whole = Files.readString(record);
    Files.writeString(record, "{ broken");

    bench.restart();

    assertThat(bench.open("pr-2").socket()).isEqualTo(other);
    assertThat(bench.files("clones")).hasSize(2);
    assertThat(Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop"))))
        .hasMessage("environment \"pr-1\" is damaged");
    Files.writeString(record, whole);
    bench.restart();
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void environmentWhoseRecordIsDamagedSaysSoWhateverIsAskedOfIt() throws Exception {
    bench.open("pr-1").close();
    Files.writeString(bench.directory.resolve("environments/pr-1.json"), "{ broken");

    bench.restart();

    Environments environments = bench.environments;
    for (CompletableFuture<?> answer :
        List.of(
            environments.suspend("pr-1", false),
            environments.resume("pr-1"),
            environments.refresh("pr-1", false),
            environments.label("pr-1", "mine"),
            environments.undrop("pr-2", "pr-1"),
            environments.create("pr-1", new CreateFrom.Policy(), null))) {
      assertThat(Bench.failureOf(answer)).hasMessage("environment \"pr-1\" is damaged");
    }
  }

  @Test
  void environmentWhoseRecordIsDamagedCanBeDropped() throws Exception {
    bench.open("pr-1").close();
    Files.writeString(bench.directory.resolve("environments/pr-1.json"), "{ broken");
    bench.restart();

    assertThat(Bench.await(bench.environments.drop("pr-1"))).isTrue();

    assertThat(bench.open("pr-1").creation()).isPresent();
    bench.restart();
    assertThat(bench.files("clones")).as("what had no owner is gone").hasSize(1);
  }

  @Test
  void recordOfAnEarlierVersionIsRead() throws Exception {
    Files.writeString(
        bench.directory.resolve("environments/pr-1.json"),
        """
        {
          "name" : "pr-1",
          "source" : "prod",
          "target" : null,
          "createdAt" : "2026-11-20T04:00:00Z",
          "lastActivity" : "2026-11-20T05:00:00Z"
        }
        """);

    bench.restart();

    assertThat(bench.open("pr-1").creation()).isPresent();
  }

  @Test
  void directoriesBetweenTheRecordsAreLeftAlone() throws Exception {
    bench.open("pr-1").close();
    Files.createDirectories(bench.directory.resolve("environments/lost+found/x"));
    Files.createDirectories(bench.directory.resolve("trash/lost+found/x"));

    bench.restart();

    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  /** As on a damaged disk; what it was of may be the only copy of something. */
  @Test
  void whatStandsInARecordsPlaceCostsNobodyItsClone() throws Exception {
    bench.open("staging").close();
    bench.close();
    Path record = bench.directory.resolve("environments/staging.json");
    Path elsewhere = Files.move(record, bench.directory.resolve("elsewhere.json"));

    Files.createDirectory(record);
    bench.restart();
    assertThat(bench.files("clones")).hasSize(1);
    bench.close();
    Files.delete(record);

    Files.createSymbolicLink(record, bench.directory.resolve("nowhere"));
    bench.restart();
    assertThat(bench.files("clones")).hasSize(1);
    bench.close();
    Files.delete(record);

    Files.move(elsewhere, record);
    bench.restart();
    assertThat(bench.open("staging").creation()).isEmpty();
  }

  @Test
  void lostCloneThatCannotBeRecordedDoesNotStopTheStart() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.servers.started.getFirst().kill();
    Bench.forbidWriting(bench.directory.resolve("environments/pr-1.json"));

    bench.bootId = "boot-2";
    bench.restart();

    assertThat(bench.environments.list()).hasSize(1);
  }
}
