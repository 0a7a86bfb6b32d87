package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.sandbox.Reach;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server is allowed to reach beyond its own files, it reaches, and nothing else. */
@Timeout(120)
final class ReachIT {
  private static final String LOOK =
      """
      cat "$1/word"; touch "$1/new" 2>/dev/null && echo writable
      bash -c ": </dev/tcp/127.0.0.1/$2" 2>/dev/null && echo connected
      getent hosts localhost >/dev/null && echo named
      test -e "$3" && echo outside
      pwd\
      """;

  /** Such a process takes its time to end. */
  private static final String LARGE =
      """
      held=$(head -c 300000000 /dev/zero | tr '\\0' x); echo large; kill -STOP $$; echo "$held"\
      """;

  @TempDir private Path parent;

  @ParameterizedTest
  @CsvSource({
    "bubblewrap, true, 'shown,connected,named,/data'",
    "util-linux, true, 'shown,connected,named,/data'",
    "bubblewrap, false, 'shown,named,/data'",
    "util-linux, false, 'shown,named,/data'"
  })
  void reachesWhatIsNamed(String sandbox, boolean network, String expected) throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path shown = Files.createDirectory(parent.resolve("shown"));
    Files.writeString(shown.resolve("word"), "shown\n");
    Files.setPosixFilePermissions(shown, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (Workbench workbench = Workbench.make(parent, Workbench.embedded(), sandbox);
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path data = workbench.directory().resolve("data");
      Files.createDirectory(data);
      Path log = workbench.directory().resolve("log");
      ServerSpec spec =
          new ServerSpec(
              workbench.binaries(),
              data,
              workbench.directory().resolve("run/t"),
              log,
              Map.of(),
              Map.of(),
              new Reach(network, Map.of("some/where/seen", shown)));
      assertThat(workbench.servers().shown(spec.reach()))
          .containsEntry("some/where/seen", Path.of("/some/where/seen"));

      try (SandboxedTool tool =
          workbench
              .servers()
              .startTool(
                  spec,
                  inside ->
                      List.of(
                          "/bin/sh",
                          "-c",
                          LOOK,
                          "look",
                          String.valueOf(inside.shown().get("some/where/seen")),
                          Integer.toString(socket.getLocalPort()),
                          workbench.directory().toString()),
                  Duration.ofSeconds(30))) {
        assertThat(tool.await(Duration.ofSeconds(30))).hasValue(0);
      }

      assertThat(Files.readAllLines(log)).containsExactly(expected.split(","));
      assertThat(shown.resolve("new")).doesNotExist();
    }
  }

  @ParameterizedTest
  @CsvSource({"bubblewrap", "util-linux", "none"})
  void toolThatIsClosedHasEnded(String sandbox) throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Workbench workbench = Workbench.make(parent, Workbench.embedded(), sandbox)) {
      Path data = workbench.directory().resolve("data");
      Files.createDirectory(data);
      ServerSpec spec =
          new ServerSpec(
              workbench.binaries(),
              data,
              workbench.directory().resolve("run/t"),
              workbench.directory().resolve("log"),
              Map.of());
      SandboxedTool tool =
          workbench
              .servers()
              .startTool(spec, inside -> List.of("/bin/sh", "-c", LARGE), Duration.ofSeconds(30));
      while (!tool.said().contains("large")) {
        assertThat(tool.await(Duration.ofMillis(10))).isEmpty();
      }

      tool.close();

      assertThat(tool.await(Duration.ZERO)).isPresent();
      assertThat(workbench.servers().killAllBelow(workbench.directory())).isZero();
    }
  }
}
