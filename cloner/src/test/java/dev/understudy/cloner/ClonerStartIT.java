package dev.understudy.cloner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Fidelity;
import dev.understudy.config.MinFree;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Settings;
import dev.understudy.config.SnapshotPolicy;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.embedded.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What keeps a daemon from starting, and what does not. */
final class ClonerStartIT extends ClonerFixture {
  @Test
  void snapshotIsNotBegunWhereTooLittleWouldStayFree() throws Exception {
    Settings one = settings();
    Settings greedy =
        new Settings(
            one.dataDirectory(),
            one.isolation(),
            one.runAs(),
            one.listen(),
            one.authentication(),
            one.allowMd5(),
            one.users(),
            one.scheduleTimezone(),
            one.sources(),
            one.environments(),
            one.limits(),
            new MinFree.Size(1L << 60),
            one.undropWindow(),
            one.postgresqlBinaries());

    assertThatExceptionOfType(ClonerException.class)
        .isThrownBy(() -> Cloner.open(greedy))
        .withMessageContaining("source prod: the pool is nearly full")
        .withMessageContaining("have to stay free (pool.min-free)")
        .satisfies(e -> assertThat(e.hint()).get().asString().contains("Enlarge"));
    assertThat(greedy.dataDirectory().resolve("snapshots")).isEmptyDirectory();
    DirectoryTree.delete(greedy.dataDirectory());
  }

  @Test
  void directoryOfSomebodyElseIsLeftAlone() throws Exception {
    Path other = Files.createDirectory(parent().resolve("d"));
    Files.writeString(other.resolve("diary"), "dear");
    var before = Files.getPosixFilePermissions(other);

    assertThatExceptionOfType(ClonerException.class)
        .isThrownBy(() -> Cloner.open(settings()))
        .withMessageContaining("neither empty nor a data directory");

    assertThat(Files.getPosixFilePermissions(other)).isEqualTo(before);
    Files.delete(other.resolve("diary"));
    Files.delete(other);
  }

  @Test
  void sourceThatCannotBeCopiedEndsTheStartWithNothingLocked() throws Exception {
    production().stop();
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatExceptionOfType(ClonerException.class)
          .isThrownBy(() -> Cloner.open(settings()))
          .withMessageStartingWith("source prod: ");
    }
    DirectoryTree.delete(parent().resolve("d"));
  }

  @Test
  void snapshotWhoseRecordIsDamagedIsLeftAloneAndCostsNoEnvironmentAnything() throws Exception {
    Snapshot damaged;
    try (Cloner cloner = Cloner.open(settings())) {
      EnvironmentSession session =
          cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS);
      session.close();
      damaged = cloner.snapshots().getFirst();
    }
    Path record = damaged.directory().resolve("snapshot.json");
    Files.writeString(record, "{ broken");

    try (Cloner cloner = Cloner.open(settings())) {
      EnvironmentSession found =
          cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS);
      assertThat(found.creation()).isEmpty();
      assertThat(count(found)).isEqualTo(1000);
      found.close();
      assertThat(cloner.snapshots())
          .singleElement()
          .satisfies(cut -> assertThat(cut.id()).isNotEqualTo(damaged.id()));
      assertThat(record).hasContent("{ broken");
      assertThat(damaged.data()).isNotEmptyDirectory();
      assertThat(cloner.reset("pr-1", true))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableOfType(ExecutionException.class)
          .withMessageContaining("cannot be reset");
      cloner.refresh("pr-1", true).get(60, TimeUnit.SECONDS);
      assertThat(cloner.drop("pr-1").get(60, TimeUnit.SECONDS)).isTrue();
    }
    DirectoryTree.delete(settings().dataDirectory());
  }

  @Test
  void snapshotsOfASourceThatIsGoneStayUntilAllRecordsCanBeRead() throws Exception {
    Settings one = settings();
    Snapshot snapshot;
    try (Cloner cloner = Cloner.open(one)) {
      cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS).close();
      snapshot = cloner.snapshots().getFirst();
    }
    Settings other =
        new Settings(
            one.dataDirectory(),
            one.isolation(),
            one.runAs(),
            one.listen(),
            one.authentication(),
            one.allowMd5(),
            one.users(),
            one.scheduleTimezone(),
            Map.of("broken", broken()),
            List.of(new EnvironmentPolicy(new NamePattern("qa-*"), "broken", "shop", null)),
            one.limits(),
            List.of(Workbench.embedded()));
    Path record = one.dataDirectory().resolve("environments/pr-1.json");
    Files.writeString(record, "{ broken");
    assertThatExceptionOfType(ClonerException.class).isThrownBy(() -> Cloner.open(other));
    assertThat(snapshot.data()).isNotEmptyDirectory();

    Files.delete(record);
    assertThatExceptionOfType(ClonerException.class).isThrownBy(() -> Cloner.open(other));
    assertThat(snapshot.directory()).doesNotExist();
    DirectoryTree.delete(one.dataDirectory());
  }

  private Source broken() {
    return new Source("broken", new SourceType.Directory(parent().resolve("nothing"), null, false));
  }

  @Test
  void sourceThatCannotBeCopiedKeepsNoOtherFromBeingServed() throws Exception {
    Settings one = settings();
    Settings two =
        new Settings(
            one.dataDirectory(),
            one.isolation(),
            one.runAs(),
            one.listen(),
            one.authentication(),
            one.allowMd5(),
            one.users(),
            one.scheduleTimezone(),
            Map.of("prod", one.sources().values().iterator().next(), "broken", broken()),
            List.of(
                new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null),
                new EnvironmentPolicy(new NamePattern("qa-*"), "broken", "shop", null)),
            one.limits(),
            List.of(Workbench.embedded()));
    try (Cloner cloner = Cloner.open(two)) {
      EnvironmentSession session =
          cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS);
      assertThat(count(session)).isEqualTo(1000);
      assertThat(cloner.open(new EnvironmentRequest("qa-1", "shop")))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .isInstanceOfSatisfying(
              EnvironmentUnavailable.class, e -> assertThat(e.sqlState()).isEqualTo("57P03"));
      assertThat(cloner.drop("pr-1").get(60, TimeUnit.SECONDS)).isTrue();
    }
    DirectoryTree.delete(two.dataDirectory());
  }

  @Test
  void snapshotsOfASourceThatIsGoneGoWithWhatWasMadeOfThem() throws Exception {
    Settings before = named("prod");
    Snapshot needed;
    try (Cloner cloner = Cloner.open(before)) {
      cloner.open(new EnvironmentRequest("pr-1", "shop")).get(60, TimeUnit.SECONDS);
      needed = cloner.snapshots().getFirst();
      cloner.cutSnapshot("prod").get(60, TimeUnit.SECONDS);
      assertThat(snapshots()).hasSize(2).contains(needed.id());
      cloner.shutdown();
    }
    Settings renamed = named("other");
    try (Cloner cloner = Cloner.open(renamed)) {
      Snapshot next = cloner.snapshots().getFirst();
      assertThat(snapshots()).containsExactlyInAnyOrder(needed.id(), next.id());
      assertThat(cloner.drop("pr-1").get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(snapshots()).contains(needed.id());
    }
    try (Cloner cloner = Cloner.open(renamed)) {
      assertThat(snapshots()).containsExactly(cloner.snapshots().getFirst().id());
    }
    DirectoryTree.delete(renamed.dataDirectory());
  }

  private List<String> snapshots() throws IOException {
    try (Stream<Path> all = Files.list(parent().resolve("d/snapshots"))) {
      return all.map(directory -> String.valueOf(directory.getFileName())).toList();
    }
  }

  /** With a source of that name, of which some snapshots are kept; what is dropped is gone. */
  private Settings named(String source) throws Exception {
    Settings one = settings();
    return new Settings(
        one.dataDirectory(),
        one.isolation(),
        one.runAs(),
        one.listen(),
        one.authentication(),
        one.allowMd5(),
        one.users(),
        one.scheduleTimezone(),
        Map.of(
            source,
            new Source(
                source,
                one.sources().values().iterator().next().type(),
                new SnapshotPolicy(SnapshotPolicy.DEFAULT.schedule(), 3),
                Fidelity.DEFAULT)),
        List.of(new EnvironmentPolicy(new NamePattern("pr-*"), source, "shop", null)),
        one.limits(),
        MinFree.DEFAULT,
        Duration.ZERO,
        List.of(Workbench.embedded()));
  }
}
