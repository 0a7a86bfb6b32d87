package dev.understudy.cloner.state;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
  @TempDir Path directory;
  private JsonFile<Sample> file;

  record Sample(
      String name,
      Instant at,
      Duration idle,
      @Nullable String reason,
      long pid,
      boolean durable,
      List<Part> parts,
      Map<String, String> settings) {}

  record Part(String text) {}

  record Grown(
      String name, @AddedLater @Nullable String reason, @AddedLater boolean on, @AddedLater int n) {
    Grown {
      requireNonNull(name, "name is null");
    }
  }

  private static final Sample SAMPLE =
      new Sample(
          "a \"quoted\"\nname, ünïcode \uD83D\uDE00",
          Instant.parse("2026-01-02T03:04:05.123456789Z"),
          Duration.ofMillis(90_001),
          null,
          Long.MAX_VALUE,
          true,
          List.of(new Part("x")),
          Map.of("work_mem", "4MB"));

  @BeforeEach
  void open() {
    file = new JsonFile<>(directory.resolve("sample.json"), Sample.class);
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    file.write(SAMPLE);
    assertThat(file.read()).isEqualTo(SAMPLE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(file.path());
    }
  }

  @Test
  void replacesTheOldContentAndALeftOverTemporaryFile() throws IOException {
    file.write(SAMPLE);
    Files.writeString(directory.resolve(".sample.json.tmp"), "half of it");
    Sample other =
        new Sample("other", Instant.EPOCH, Duration.ZERO, "reason", 1, false, List.of(), Map.of());
    file.write(other);
    assertThat(file.read()).isEqualTo(other);
  }

  @Test
  void worksInAnInterruptedThread() throws IOException {
    Thread.currentThread().interrupt();
    file.write(SAMPLE);
    assertThat(Thread.interrupted()).isTrue();
    Thread.currentThread().interrupt();
    file.delete();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file.exists()).isFalse();
    file.delete();
    new JsonFile<>(directory.resolve("nowhere/sample.json"), Sample.class).delete();
  }

  @Test
  void whatEverybodySeesIsNoFailure() throws IOException {
    JsonFile<Sample> written =
        new JsonFile<>(
            file.path(),
            Sample.class,
            directory -> {
              throw new IOException("Input/output error");
            });
    written.write(SAMPLE);
    assertThat(written.read()).isEqualTo(SAMPLE);
    written.delete();
    assertThat(written.exists()).isFalse();
  }

  @Test
  void saysWhatStandsInItsPlace() throws IOException {
    assertThat(reason()).isEqualTo(file.path() + " is missing");
    Files.createSymbolicLink(file.path(), directory.resolve("nowhere"));
    assertThat(reason()).isEqualTo(file.path() + " is missing");
    Files.delete(file.path());
    Files.createDirectory(file.path());
    assertThat(reason()).isEqualTo(file.path() + " is not a file");
  }

  private String reason() {
    return JsonFile.reason(catchThrowableOfType(IOException.class, file::read));
  }

  @Test
  void onlyWhatWasAddedLaterMayBeMissing() throws IOException {
    JsonFile<Grown> grown = new JsonFile<>(directory.resolve("grown.json"), Grown.class);
    Files.writeString(grown.path(), "{\"name\": \"a\"}");
    assertThat(grown.read()).isEqualTo(new Grown("a", null, false, 0));
    Files.writeString(grown.path(), "{\"reason\": \"a\"}");
    assertThatThrownBy(grown::read).isInstanceOf(IOException.class);
    file.write(SAMPLE);
    Files.writeString(
        file.path(), Files.readString(file.path()).replaceFirst("\"reason\" : null,", ""));
    assertThatThrownBy(file::read).isInstanceOf(IOException.class);
  }

  @Test
  void refusesWhatItDidNotWriteWithoutQuotingIt() throws IOException {
    file.write(SAMPLE);
    String whole = Files.readString(file.path());
    for (String bad :
        List.of(
            "",
            "null",
            "{}",
            whole.substring(0, whole.length() / 2),
            whole + "{}",
            whole.replaceFirst("\"pid\"", "\"secret\""),
            whole.replaceFirst("9223372036854775807", "null"))) {
      Files.writeString(file.path(), bad);
      assertThatThrownBy(file::read)
          .as(bad)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("sample.json cannot be read as Sample")
          .hasMessageNotContaining("work_mem")
          .hasMessageNotContaining("secret");
    }
  }
}
