package dev.understudy.cloner.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientToolTest {
  @TempDir Path home;

  /** More than a reader holds, and less than a pipe: the program has ended before it is read. */
  @Test
  void whatAProgramSaidLastIsReadThoughItHasEnded() throws Exception {
    write("for i in $(seq 3000); do echo \"line $i\" >&2; done; exit 3");
    List<String> said = new ArrayList<>();

    int status =
        new ClientTool(home, Map.of())
            .run(
                "talker",
                List.of(),
                line -> {
                  if (said.isEmpty()) {
                    pause(1000);
                  }
                  said.add(line);
                },
                () -> {});

    assertThat(status).isEqualTo(3);
    assertThat(said)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 3000).mapToObj(i -> "line " + i).toList());
  }

  @Test
  void aWorkerThatStaysBehindIsEndedAndHoldsNothingUp() throws Exception {
    write("sleep 3600 & echo started >&2; sleep 1; exit 4");
    List<String> said = new ArrayList<>();

    assertThat(new ClientTool(home, Map.of()).run("talker", List.of(), said::add, () -> {}))
        .isEqualTo(4);

    assertThat(said).containsExactly("started");
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  @Test
  void whatCannotBeTakenInIsNoSuccess() throws Exception {
    write("echo anything >&2");

    assertThatThrownBy(() ->
            new ClientTool(home, Map.of())
                .run(
                    "talker",
                    List.of(),
                    line -> {
                      throw new IllegalStateException("not understood");
                    },
                    () -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("what talker says cannot be read")
        .hasRootCauseMessage("not understood");
  }

  private void write(String script) throws IOException {
    Path program = Files.createDirectory(home.resolve("bin")).resolve("talker");
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
