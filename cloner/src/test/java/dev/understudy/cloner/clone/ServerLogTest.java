package dev.understudy.cloner.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerLogTest {
  private static final byte[] LINE =
      "LOG:  hello\n".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);

  @Test
  void shortLogIsLeftAloneAndNoLogIsNone(@TempDir Path directory) throws Exception {
    ServerLog log = new ServerLog(directory.resolve("server.log"));
    log.trim();
    assertThat(log.file()).doesNotExist();

    Files.write(log.file(), LINE);
    log.trim();
    assertThat(log.file()).hasBinaryContent(LINE);
  }

  @Test
  void longLogKeepsItsEndAndItsWriter(@TempDir Path directory) throws Exception {
    ServerLog log = new ServerLog(directory.resolve("server.log"));
    try (OutputStream server =
        Files.newOutputStream(log.file(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (long size = 0; size <= ServerLog.MAX_BYTES; size += LINE.length) {
        server.write(LINE);
      }
      server.write("FATAL:  last\n".getBytes(StandardCharsets.UTF_8));

      log.trim();
      server.write("LOG:  next\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(Files.size(log.file())).isEqualTo(ServerLog.KEPT_BYTES + "LOG:  next\n".length());
    assertThat(Files.readString(log.file())).endsWith("hello\nFATAL:  last\nLOG:  next\n");
  }

  @Test
  void theLastLinesAreWholeOnes(@TempDir Path directory) throws Exception {
    ServerLog log = new ServerLog(directory.resolve("server.log"));
    assertThat(log.last(3)).isEmpty();

    Files.writeString(log.file(), "LOG:  one\nLOG:  two\nLOG:  three\n");
    assertThat(log.last(2)).containsExactly("LOG:  two", "LOG:  three");
    assertThat(log.last(9)).hasSize(3);

    String line = "LOG:  " + "x".repeat(1_000);
    Files.writeString(log.file(), (line + "\n").repeat(2_000));
    assertThat(log.last(2_000))
        .hasSizeBetween(ServerLog.SHOWN_BYTES / 1_007 - 1, ServerLog.SHOWN_BYTES / 1_007)
        .containsOnly(line);
  }

  @Test
  void aLinkIsNotFollowed(@TempDir Path directory) throws Exception {
    ServerLog log = new ServerLog(directory.resolve("server.log"));
    Path secret = Files.writeString(directory.resolve("secret"), "secret\n");
    Files.createSymbolicLink(log.file(), secret);

    assertThatThrownBy(() -> log.last(1)).isInstanceOf(IOException.class);
  }
}
