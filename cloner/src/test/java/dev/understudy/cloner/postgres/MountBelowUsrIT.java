package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.Accounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@code /usr} is more than one file system, a sandbox shows all of it, read-only. */
@Tag("alone") // whatever makes a sandbox meanwhile would meet these mounts
class MountBelowUsrIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux"})
  void itIsSeenAndCannotBeWritten(String sandbox) throws Exception {
    assumeTrue(Accounts.isRoot(), "mounting needs root");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (MountBelowUsr mount = MountBelowUsr.make();
        Workbench bench = Workbench.make(directory, Workbench.embedded(), sandbox)) {
      bench.data("a", new ServerConfiguration(false, Map.of()));
      RunningServer server = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      try (Connection connection = Sql.connect(server.socket(), "postgres", "postgres", TIMEOUT);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TEMP TABLE t(line text)");
        for (Path file : mount.files()) {
          assertThat(says(statement, "test -f \"%s\" && echo seen".formatted(file)))
              .isEqualTo("seen");
          assertThat(says(statement, "echo x > \"%s\" || echo refused".formatted(file)))
              .isEqualTo("refused");
        }
        String points = mount.directory().toString().replace(" ", "\\\\040");
        assertThat(says(statement, "grep -cF \"%s\" /proc/self/mountinfo".formatted(points)))
            .isEqualTo("2");
        assertThat(
                says(
                    statement,
                    "grep -F \"%s\" /proc/self/mountinfo | grep -cE \" ro,nosuid,nodev\""
                        .formatted(points)))
            .isEqualTo("2");
      }
    }
  }

  /** A mount goes everywhere when its mount point is removed, also while a sandbox is made. */
  @Test
  void oneThatGoesMeanwhileIsNoObstacle() throws Exception {
    assumeTrue(Accounts.isRoot(), "mounting needs root");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Workbench bench = Workbench.make(directory, Workbench.embedded(), "util-linux");
        ExecutorService others = Executors.newFixedThreadPool(4)) {
      bench.data("a", new ServerConfiguration(false, Map.of()));
      List<Future<Void>> comings = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        comings.add(others.submit(() -> comeAndGo(60)));
      }
      int made = 0;
      while (!comings.stream().allMatch(Future::isDone)) {
        try (SandboxedTool tool =
            bench.servers().startTool(bench.spec("a"), inside -> List.of("/bin/true"), TIMEOUT)) {
          assertThat(tool.await(TIMEOUT)).hasValue(0);
        }
        made++;
      }
      for (Future<Void> coming : comings) {
        coming.get();
      }
      assertThat(made).isPositive();
    }
  }

  private static Void comeAndGo(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      MountBelowUsr.make().close();
    }
    return null;
  }

  private static String says(Statement statement, String command) throws Exception {
    statement.execute("TRUNCATE t");
    statement.execute("COPY t FROM PROGRAM '" + command + "'");
    try (ResultSet result = statement.executeQuery("SELECT line FROM t")) {
      assertThat(result.next()).as(command).isTrue();
      return result.getString(1);
    }
  }
}
