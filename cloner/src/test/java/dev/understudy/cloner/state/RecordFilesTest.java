package dev.understudy.cloner.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordFilesTest {
  @Test
  void whatIsNotOursStays(@TempDir Path directory) throws Exception {
    Path record = Files.writeString(directory.resolve("a.json"), "{}");
    Path unfinished = Files.writeString(directory.resolve(".a.json.tmp"), "{");
    Path empty = Files.createFile(directory.resolve("b.json"));
    Path note = Files.writeString(directory.resolve("README"), "by hand");
    Path copy = Files.writeString(directory.resolve("a.json.orig"), "{}");
    Path unreadable = Files.createDirectory(directory.resolve("c.json"));

    assertThat(RecordFiles.in(directory, name -> false))
        .containsExactlyInAnyOrder(record, unreadable);

    assertThat(unfinished).doesNotExist();
    assertThat(empty).doesNotExist();
    assertThat(note).exists();
    assertThat(copy).exists();
    assertThat(unreadable).exists();
  }
}
