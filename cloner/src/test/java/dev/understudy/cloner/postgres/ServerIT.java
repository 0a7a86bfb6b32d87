package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.PidFd;
import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.host.ProcessStat;
import dev.understudy.cloner.host.ProcessTree;
import dev.understudy.cloner.host.Signal;
import dev.understudy.cloner.sandbox.NoSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @BeforeEach
  void letTheClustersUserIn() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest
  @CsvSource({
    "bubblewrap, 18",
    "bubblewrap, 15",
    "util-linux, 18",
    "util-linux, 15",
    "none, 18",
    "none, 15"
  })
  void startsStopsAndStartsAgain(String sandbox, int major) throws Exception {
    try (Workbench bench = bench(sandbox, major)) {
      bench.data("a", new ServerConfiguration(false, Map.of("work_mem", "12345")));
      AtomicReference<ProcessIdentity> recorded = new AtomicReference<>();
      RunningServer server = bench.servers().start(bench.spec("a"), recorded::set, TIMEOUT);
      assertThat(server.identity()).isEqualTo(recorded.get());
      assertThat(server.isRunning()).isTrue();
      try (Connection connection = connect(server)) {
        assertThat(ask(connection, "SHOW work_mem")).isEqualTo("12345kB");
        assertThat(ask(connection, "SHOW fsync")).isEqualTo("off");
        ask(connection, "SELECT pg_backend_pid()");
        try (Statement statement = connection.createStatement()) {
          statement.execute("CREATE TABLE t AS SELECT 42 AS answer");
        }
      }
      assertThat(server.stop(TIMEOUT)).isTrue();
      assertThat(server.isRunning()).isFalse();
      assertThat(server.onExit()).isDone();
      assertThat(ProcessStat.of(server.identity().pid())).isEmpty();
      assertThat(server.socket()).doesNotExist();

      RunningServer again = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      try (Connection connection = connect(again)) {
        assertThat(ask(connection, "SELECT answer FROM t")).isEqualTo("42");
      }
      again.kill();
      assertThat(again.isRunning()).isFalse();
      assertThat(bench.servers().killAllBelow(bench.directory().resolve("clones"))).isZero();

      RunningServer recovered = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      try (Connection connection = connect(recovered)) {
        assertThat(ask(connection, "SELECT answer FROM t")).isEqualTo("42");
      }
      assertThat(recovered.stop(TIMEOUT)).isTrue();
    }
  }

  @Test
  void whatAServerLeftThatWasCutOffIsExamined() throws Exception {
    try (Workbench bench = bench("none", 18)) {
      Path data = bench.data("a", new ServerConfiguration(false, Map.of()));
      bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT).kill();
      bench.servers().examine(data);

      Path control = data.resolve("global/pg_control");
      byte[] bytes = Files.readAllBytes(control);
      bytes[32] ^= 1;
      Files.write(control, bytes);
      assertThatThrownBy(() -> bench.servers().examine(data))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("global/pg_control");
    }
  }

  /** By itself PostgreSQL may fail to begin again, and stay. */
  @Test
  void aServerThatLosesAProcessEndsAsAWhole() throws Exception {
    try (Workbench bench = bench("bubblewrap", 18)) {
      bench.data("a", new ServerConfiguration(false, Map.of()));
      RunningServer server = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      ProcessStat postmaster = ProcessTree.children(server.identity().pid()).getFirst();
      ProcessStat one = ProcessTree.children(postmaster.pid()).getFirst();
      try (PidFd process = PidFd.open(one.identity()).orElseThrow()) {
        process.send(Signal.KILL);
      }

      server.onExit().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);

      RunningServer again = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      try (Connection connection = connect(again)) {
        assertThat(ask(connection, "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void aHostileValueStaysAValue() throws Exception {
    String value = "it's \\ a '\nlisten_addresses = '*'\r\n\t\u0001 include '/etc/passwd'";
    try (Workbench bench = bench("bubblewrap", 18)) {
      bench.data("a", new ServerConfiguration(false, Map.of("app.text", value)));
      RunningServer server = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      try (Connection connection = connect(server)) {
        assertThat(ask(connection, "SHOW app.text")).isEqualTo(value);
        assertThat(ask(connection, "SHOW listen_addresses")).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux", "none"})
  void aLaterDaemonFindsTheServer(String sandbox) throws Exception {
    try (Workbench bench = bench(sandbox, 18)) {
      bench.data("a", new ServerConfiguration(false, Map.of()));
      ServerSpec spec = bench.spec("a");
      RunningServer server = bench.servers().start(spec, identity -> {}, TIMEOUT);
      try (SandboxedServers later =
          new SandboxedServers(
              new PostgresInstallations(List.of()), new NoSandbox(directory), bench.account())) {
        RunningServer adopted = later.adopt(server.identity(), spec).orElseThrow();
        try (Connection connection = connect(adopted)) {
          assertThat(ask(connection, "SELECT 1")).isEqualTo("1");
        }
        assertThat(adopted.stop(TIMEOUT)).isTrue();
        server.onExit().get(10, TimeUnit.SECONDS);
        assertThat(later.adopt(server.identity(), spec)).isEmpty();
      }
    }
  }

  @Test
  void aSuperuserCannotTalkTheServerOutOfItsQuietness() throws Exception {
    try (Workbench bench = bench("bubblewrap", 18)) {
      bench.data("a", new ServerConfiguration(false, Map.of()));
      RunningServer server = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      try (Connection connection = connect(server);
          Statement statement = connection.createStatement()) {
        statement.execute("ALTER SYSTEM SET archive_mode = on");
        statement.execute("ALTER SYSTEM SET archive_command = 'true'");
        statement.execute("ALTER SYSTEM SET listen_addresses = '*'");
        statement.execute("ALTER SYSTEM SET unix_socket_directories = '/tmp'");
      }
      assertThat(server.stop(TIMEOUT)).isTrue();

      RunningServer again = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      try (Connection connection = connect(again)) {
        assertThat(ask(connection, "SHOW archive_mode")).isEqualTo("off");
        assertThat(ask(connection, "SHOW archive_command")).isEqualTo("(disabled)");
        assertThat(ask(connection, "SHOW listen_addresses")).isEmpty();
      }
    }
  }

  private Workbench bench(String sandbox, int major) throws Exception {
    Path home = major == 18 ? Workbench.embedded() : Workbench.DEBIAN_15;
    assumeTrue(Files.exists(home), "PostgreSQL " + major + " is not installed in " + home);
    return Workbench.make(directory, home, sandbox);
  }

  private static Connection connect(RunningServer server) throws SQLException {
    return Sql.connect(server.socket(), "postgres", "postgres", TIMEOUT);
  }

  private static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }
}
