package dev.understudy.cloner.clone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.state.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EarlierCloneRecordTest {
  @TempDir Path directory;

  /** As it was written before there were masks. */
  @Test
  void withoutAMaskIsOfUnmaskedData() throws Exception {
    Path file = directory.resolve("clone.json");
    Files.writeString(
        file,
        """
        {
          "id" : "abcdefghij",
          "origin" : {
            "snapshot" : "s1",
            "source" : "prod",
            "dataTime" : "2026-11-20T04:00:00Z",
            "version" : 150010,
            "superuser" : "postgres"
          },
          "state" : "SUSPENDED",
          "durable" : false,
          "server" : null,
          "unsyncedBoot" : null,
          "failure" : null,
          "createdAt" : "2026-11-20T05:00:00Z"
        }\
        """);

    CloneRecord record = new JsonFile<>(file, CloneRecord.class).read();

    assertThat(record.state()).isEqualTo(CloneState.SUSPENDED);
    assertThat(record.origin().superuser()).isEqualTo("postgres");
    assertThat(record.origin().mask()).isNull();
  }
}
