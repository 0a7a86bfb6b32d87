package dev.understudy.cloner.standby;

import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.source.Lag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** What can be seen of a standby, and of what it has left, from outside. */
final class StandbyInspection {
  private StandbyInspection() {}

  static boolean isConnected(StandbySource source) {
    return source.lag().map(Lag::connected).orElse(false);
  }

  static ReplicaRecord record(StandbyStage stage) throws IOException {
    return ReplicaPlace.of(stage.workbench().directory(), "prod").record().read();
  }

  /** Whether the standby's server shows this row of the table "seen". */
  static boolean seen(StandbyStage stage, int row) {
    try {
      Path socket =
          ReplicaPlace.of(stage.workbench().directory(), "prod")
              .socketDirectory(record(stage).generation())
              .resolve(".s.PGSQL.5432");
      try (Connection connection =
          Sql.connect(socket, "postgres", "postgres", Duration.ofSeconds(5))) {
        return Rows.number(connection, "SELECT count(*) FROM seen WHERE i = " + row) > 0;
      }
    } catch (IOException | SQLException e) {
      return false;
    }
  }

  static boolean holds(Path file, String text) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
  }

  static String environment(long pid) {
    try {
      return new String(
          Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
