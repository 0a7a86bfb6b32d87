package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What a server needs of the system is there, and its user may read it. */
class SystemFilesIT {
  private static final Path DICTIONARIES = Path.of("/var/cache/postgresql/dicts");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux"})
  void canBeRead(String sandbox) throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Workbench bench = Workbench.make(directory, Workbench.embedded(), sandbox)) {
      bench.data("a", new ServerConfiguration(false, Map.of()));
      RunningServer server =
          bench.servers().start(bench.spec("a"), identity -> {}, Duration.ofSeconds(30));
      try (Connection connection =
              Sql.connect(server.socket(), "postgres", "postgres", Duration.ofSeconds(30));
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT pg_read_file('/etc/passwd'), pg_read_file('/etc/hosts'),"
                      + " (pg_stat_file('/usr/bin')).isdir")) {
        row.next();
        assertThat(row.getString(1)).contains("postgres:x:" + bench.account().uid());
        assertThat(row.getString(2)).contains("localhost");
        assertThat(row.getBoolean(3)).isTrue();
        if (Files.isDirectory(DICTIONARIES)) {
          assertThat(isReadable(connection, DICTIONARIES)).isTrue();
        }
      } finally {
        server.stop(Duration.ofSeconds(30));
      }
    }
  }

  private static boolean isReadable(Connection connection, Path directory) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT count(*) >= 0 FROM pg_ls_dir('" + directory + "')")) {
      return row.next() && row.getBoolean(1);
    }
  }
}
