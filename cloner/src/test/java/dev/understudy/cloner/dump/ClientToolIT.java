package dev.understudy.cloner.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.postgres.Workbench;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PostgreSQL's programs, as we run them. */
class ClientToolIT {
  @BeforeEach
  void look() {
    assumeTrue(
        Files.isExecutable(Workbench.DEBIAN_15.resolve("bin/pg_dump")),
        "PostgreSQL 15 is not installed");
  }

  /** With a server that takes the connection and never says a word. */
  @Test
  void theyEndWithTheDaemonHoweverItEnds() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Process daemon =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  DumpingMain.class.getName(),
                  Integer.toString(silent.getLocalPort()))
              .inheritIO()
              .start();
      silent.setSoTimeout(60_000);
      try (Socket connected = silent.accept()) {
        assertThat(connected.isConnected()).isTrue();
        List<ProcessHandle> tools = daemon.descendants().toList();
        assertThat(tools).isNotEmpty();
        daemon.destroyForcibly().waitFor();
        for (ProcessHandle tool : tools) {
          assertThat(tool.onExit().get(60, TimeUnit.SECONDS)).isEqualTo(tool);
        }
      }
    }
  }

  @Test
  void theyTellWhatIsWrongInEnglish() throws Exception {
    List<String> said = new ArrayList<>();
    int status =
        new ClientTool(Workbench.DEBIAN_15, Map.of("PGHOST", "/nowhere", "LANG", "de_DE.UTF-8"))
            .run("pg_dump", List.of("--no-password"), said::add, () -> {});

    assertThat(status).isNotZero();
    assertThat(said).anyMatch(line -> line.startsWith("pg_dump: error: connection to server"));
  }
}
