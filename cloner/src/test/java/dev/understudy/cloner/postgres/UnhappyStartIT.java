package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.host.PidFd;
import dev.understudy.cloner.host.ProcessIdentity;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnhappyStartIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @BeforeEach
  void letTheClustersUserIn() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux", "none"})
  void aServerThatRefusesSaysWhy(String sandbox) throws Exception {
    try (Workbench bench = bench(directory, sandbox)) {
      AtomicReference<ProcessIdentity> identity = new AtomicReference<>();
      ServerSpec spec = bench.spec("a", Map.of("no_such_setting", "1"));
      ServerException failure =
          catchThrowableOfType(
              ServerException.class, () -> bench.servers().start(spec, identity::set, TIMEOUT));

      assertThat(failure).hasMessage("the server ended while it started");
      assertThat(failure.logTail())
          .contains("unrecognized configuration parameter \"no_such_setting\"");
      assertThat(PidFd.open(identity.get())).isEmpty();
      assertThat(spec.socket()).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "none"})
  void aServerThatIsNeverReadyIsKilled(String sandbox) throws Exception {
    try (Workbench bench = bench(directory, sandbox)) {
      Files.createFile(bench.spec("a").dataDirectory().resolve("standby.signal"));
      AtomicReference<ProcessIdentity> identity = new AtomicReference<>();
      ServerSpec spec = bench.spec("a", Map.of("hot_standby", "off"));

      assertThatThrownBy(() -> bench.servers().start(spec, identity::set, Duration.ofSeconds(2)))
          .isInstanceOf(ServerException.class)
          .hasMessage("the server was not ready in time");
      assertThat(bench.servers().killAllBelow(bench.directory())).isZero();
      assertThat(bench.servers().adopt(identity.get(), spec)).isEmpty();
    }
  }

  @Test
  void whatTheRecorderThrowsPreventsTheStart() throws Exception {
    try (Workbench bench = bench(directory, "bubblewrap")) {
      AtomicReference<ProcessIdentity> identity = new AtomicReference<>();
      assertThatThrownBy(() ->
              bench
                  .servers()
                  .start(
                      bench.spec("a"),
                      started -> {
                        identity.set(started);
                        throw new IllegalArgumentException("disk full");
                      },
                      TIMEOUT))
          .hasMessage("disk full");
      assertThat(bench.servers().killAllBelow(bench.directory())).isZero();
      assertThat(bench.spec("a").dataDirectory().resolve("postmaster.opts")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux", "none"})
  void aDaemonKilledBeforeItsWordLeavesNothing(String sandbox) throws Exception {
    Process daemon =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                // So that what it cannot clean up goes with our directory.
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                HesitantMain.class.getName(),
                directory.toString(),
                Workbench.embedded().toString(),
                sandbox)
            .redirectError(new File(directory.toFile(), "errors"))
            .start();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(daemon.getInputStream(), StandardCharsets.UTF_8))) {
      String line = reader.readLine();
      assertThat(line).as(Files.readString(directory.resolve("errors"))).isNotNull();
      ProcessHandle waiting = ProcessHandle.of(Long.parseLong(line)).orElseThrow();
      daemon.destroyForcibly().waitFor();

      waiting.onExit().get(10, TimeUnit.SECONDS);
      assertThat(directory.resolve("daemon/clones/a/data/postmaster.opts")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux"})
  void anOrphanThatFailsIsNoCrash(String sandbox) throws Exception {
    try (Workbench bench = bench(directory, sandbox)) {
      RunningServer server = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      try (Connection connection = Sql.connect(server.socket(), "postgres", "postgres", TIMEOUT);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t (line text)");
        statement.execute("COPY t FROM PROGRAM '(exit 3) </dev/null >/dev/null 2>&1 & echo x'");
        statement.execute("COPY t FROM PROGRAM 'sleep 0.5; echo x'");
      }
      assertThat(server.stop(TIMEOUT)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux", "none"})
  void pathsMayHoldAnything(String sandbox) throws Exception {
    Path odd = Files.createDirectory(directory.resolve("o'd \"$x\\ \n,=:;*"));
    Files.setPosixFilePermissions(odd, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Workbench bench = bench(odd, sandbox)) {
      RunningServer server = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      try (Connection connection = Sql.connect(server.socket(), "postgres", "postgres", TIMEOUT)) {
        assertThat(connection.isValid(5)).isTrue();
      }
      assertThat(bench.servers().killAllBelow(bench.directory())).isPositive();
      server.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  private static Workbench bench(Path directory, String sandbox) throws Exception {
    Workbench bench = Workbench.make(directory, Workbench.embedded(), sandbox);
    bench.data("a", new ServerConfiguration(false, Map.of()));
    return bench;
  }
}
