package dev.understudy.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  @TempDir Path directory;

  @Test
  void findsDirectoriesAndProcesses() throws Exception {
    Path gone = directory.resolve("gone");
    assertThat(Leftovers.of(gone)).isEmpty();

    Process process = new ProcessBuilder("sh", "-c", "read line", gone.toString()).start();
    try {
      assertThat(Leftovers.of(gone))
          .singleElement()
          .asString()
          .startsWith("process " + process.pid() + ": ");
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(Leftovers.of(directory)).containsExactly("directory " + directory);
  }
}
