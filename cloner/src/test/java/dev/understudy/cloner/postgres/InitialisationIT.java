package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters that are nobody's copy, made in every kind of sandbox. */
class InitialisationIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @TempDir Path parent;

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux", "none"})
  void makesAClusterThatStarts(String sandbox) throws Exception {
    Files.setPosixFilePermissions(
        parent, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Workbench workbench = Workbench.make(parent, Workbench.embedded(), sandbox)) {
      Path data = Files.createDirectories(workbench.directory().resolve("clones/new/data"));
      ServerSpec spec = workbench.spec("new");

      ServerException failure =
          catchThrowableOfType(
              ServerException.class,
              () ->
                  workbench
                      .servers()
                      .initialise(cluster(spec, List.of("--locale=xx_YY")), TIMEOUT));
      assertThat(failure.logTail())
          .as(failure.getMessage())
          .contains("invalid locale name \"xx_YY\"");
      assertThat(spec.socketDirectory().resolve("s")).doesNotExist();

      workbench
          .servers()
          .initialise(cluster(spec, List.of("--username=me", "--locale=C")), TIMEOUT);

      assertThat(PgControl.read(data).state()).isEqualTo(PgControl.State.SHUT_DOWN);
      workbench.servers().configure(data, new ServerConfiguration(false, Map.of()));
      RunningServer server = workbench.servers().start(spec, identity -> {}, TIMEOUT);
      Sql.connect(server.socket(), "postgres", "me", Duration.ofSeconds(30)).close();
      assertThat(server.stop(TIMEOUT)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux"})
  void saysWhyTheSandboxCouldNotBeMade(String sandbox) throws Exception {
    try (Workbench workbench = Workbench.make(parent, Workbench.embedded(), sandbox)) {
      Files.createDirectories(workbench.directory().resolve("clones/new/data"));
      ServerSpec spec = workbench.spec("new");
      NewCluster cluster =
          new NewCluster(
              new PostgresBinaries(parent.resolve("uninstalled"), 180_000),
              spec.dataDirectory(),
              spec.socketDirectory(),
              spec.logFile(),
              List.of());

      ServerException failure =
          catchThrowableOfType(
              ServerException.class, () -> workbench.servers().initialise(cluster, TIMEOUT));

      assertThat(failure).hasMessageContaining("the sandbox could not be made");
      assertThat(failure.logTail()).contains("uninstalled");
      assertThat(spec.socketDirectory().resolve("s")).doesNotExist();
    }
  }

  private static NewCluster cluster(ServerSpec spec, List<String> options) {
    return new NewCluster(
        spec.binaries(), spec.dataDirectory(), spec.socketDirectory(), spec.logFile(), options);
  }
}
