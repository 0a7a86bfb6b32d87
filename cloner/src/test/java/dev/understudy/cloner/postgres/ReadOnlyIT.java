package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.cloner.clone.Terms;
import dev.understudy.config.Access;
import dev.understudy.config.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody writes through a server that is read-only, in all versions, and it can be so again. */
@Timeout(120)
final class ReadOnlyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Map<String, String> SETTINGS =
      new Terms(Access.READ_ONLY, Resources.UNLIMITED).settings();

  @TempDir private Path parent;

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16, 17, 18})
  void readsAndNeverWrites(int major) throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Workbench workbench = Workbench.make(parent, Workbench.home(major), "bubblewrap")) {
      Path data = workbench.data("c", new ServerConfiguration(false, Map.of()));
      RunningServer writable = start(workbench, Map.of());
      execute(writable, "CREATE TABLE kept (i int)");
      execute(writable, "CREATE UNLOGGED TABLE lost (i int)");
      assertThat(writable.stop(PATIENCE)).isTrue();

      workbench.servers().setStandby(data, true);
      RunningServer server = start(workbench, SETTINGS);
      execute(server, "SELECT * FROM kept");
      refuses(server, "INSERT INTO kept VALUES (1)", "25006");
      refuses(server, "SET transaction_read_only = off; DELETE FROM kept", "0A000");
      refuses(server, "SELECT nextval('x')", "42P01");
      refuses(server, "CREATE TEMPORARY TABLE t (i int)", "25006");
      refuses(server, "SELECT * FROM lost", "0A000");
      assertThat(server.stop(PATIENCE)).isTrue();

      workbench.servers().setStandby(data, true);
      RunningServer promoted = start(workbench, SETTINGS);
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> execute(promoted, "SELECT pg_promote()"));
      promoted.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      workbench.servers().setStandby(data, true);
      RunningServer again = start(workbench, SETTINGS);
      refuses(again, "INSERT INTO kept VALUES (1)", "25006");
      assertThat(again.stop(PATIENCE)).isTrue();

      workbench.servers().setStandby(data, false);
      RunningServer last = start(workbench, Map.of());
      execute(last, "INSERT INTO kept VALUES (1)");
      assertThat(last.stop(PATIENCE)).isTrue();
    }
  }

  private static RunningServer start(Workbench workbench, Map<String, String> settings)
      throws Exception {
    return workbench.servers().start(workbench.spec("c", settings), identity -> {}, PATIENCE);
  }

  private static void refuses(RunningServer server, String sql, String sqlState) {
    assertThatExceptionOfType(SQLException.class)
        .as(sql)
        .isThrownBy(() -> execute(server, sql))
        .satisfies(e -> assertThat(e.getSQLState()).as(sql).isEqualTo(sqlState));
  }

  private static void execute(RunningServer server, String sql) throws SQLException {
    try (Connection connection = Sql.connect(server.socket(), "postgres", "postgres", PATIENCE);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
