package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.fake.FakePool;
import dev.understudy.cloner.fake.FakeServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What earlier versions have written, when they knew less of a snapshot. */
final class EarlierRecordTest {
  private static final String FIRST =
      """
      {
        "id" : "s1",
        "source" : "prod",
        "dataTime" : "2026-11-20T04:00:00.123456Z",
        "createdAt" : "2026-11-20T04:01:00.5Z",
        "version" : 150010,
        "superuser" : "postgres",
        "sizeBytes" : 31457280,
        "files" : 1290,
        "databases" : [ ],
        "roles" : [ ],
        "settings" : {
          "work_mem" : "4096"
        }LATER
      }\
      """;

  private static final String FINDINGS = ", \"findings\" : [ ]";

  @TempDir Path directory;

  private Optional<Snapshot> newest(String later, @Nullable String mask) throws Exception {
    Path snapshot = Files.createDirectories(directory.resolve("snapshots/s1"));
    Files.writeString(snapshot.resolve("snapshot.json"), FIRST.replace("LATER", later));
    SnapshotStore store =
        SnapshotStore.open(directory, new FakePool(), new FakeServers(), source -> mask);
    assertThat(store.all()).hasSize(1);
    return store.newest("prod");
  }

  @Test
  void withoutAMaskServesWhereNothingIsMasked() throws Exception {
    assertThat(newest(FINDINGS, null))
        .hasValueSatisfying(snapshot -> {
          assertThat(snapshot.mask()).isNull();
          assertThat(snapshot.position()).isNull();
          assertThat(snapshot.settings()).containsEntry("work_mem", "4096");
        });
    assertThat(newest(FINDINGS, "digest")).isEmpty();
  }

  @Test
  void withoutFindingsServesNobody() throws Exception {
    assertThat(newest("", null)).isEmpty();
    assertThat(newest("", "digest")).isEmpty();
  }
}
