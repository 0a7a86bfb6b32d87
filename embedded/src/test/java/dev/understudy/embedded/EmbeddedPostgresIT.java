package dev.understudy.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
  @TempDir private Path directory;

  @BeforeEach
  void letTheServersUserIn() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void startsAnswersAndLeavesNothing() throws Exception {
    Path home = EmbeddedBinaries.unpack(directory.resolve("binaries"));
    assertThat(EmbeddedBinaries.unpack(directory.resolve("binaries"))).isEqualTo(home);

    Path production = directory.resolve("production");
    EmbeddedPostgres server = EmbeddedPostgres.create(production, ServerOptions.of(home));
    try (server) {
      assertThat(version(server)).isEqualTo(18);
      server.kill();
      assertThat(server.isRunning()).isFalse();
      server.start();
      assertThat(version(server)).isEqualTo(18);
    }

    assertThat(server.isRunning()).isFalse();
    assertThat(production).doesNotExist();
  }

  @Test
  void nobodyElseGetsIn() throws Exception {
    Path home = EmbeddedBinaries.unpack(directory.resolve("binaries"));
    try (EmbeddedPostgres server =
        EmbeddedPostgres.create(directory.resolve("production"), ServerOptions.of(home))) {
      assertThat(permissions(server.socketDirectory())).isEqualTo("rwx------");
      assertThat(permissions(server.socket())).isEqualTo("rwx------");
      assertThat(permissions(server.dataDirectory())).isEqualTo("rwx------");
      assertThat(permissions(server.logFile())).isEqualTo("rw-------");
    }
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static int version(EmbeddedPostgres server) throws Exception {
    try (Connection connection = server.connect("postgres", "postgres");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT current_setting('server_version_num')::int / 10000")) {
      assertThat(result.next()).isTrue();
      return result.getInt(1);
    }
  }
}
