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
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@code /usr} is more than one file system, a sandbox shows all of it, read-only. */
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

  private static String says(Statement statement, String command) throws Exception {
    statement.execute("TRUNCATE t");
    statement.execute("COPY t FROM PROGRAM '" + command + "'");
    try (ResultSet result = statement.executeQuery("SELECT line FROM t")) {
      assertThat(result.next()).as(command).isTrue();
      return result.getString(1);
    }
  }
}
