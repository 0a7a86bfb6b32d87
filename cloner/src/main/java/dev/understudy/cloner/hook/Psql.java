package dev.understudy.cloner.hook;

import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.sandbox.Inside;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The psql that hooks get: of the clone's own installation, else any of the host's, as psql speaks
 * to servers of other versions.
 *
 * @param ofHost null: the installation's own
 */
record Psql(@Nullable Path ofHost) {
  private static final String PROGRAM = "bin/psql";
  private static final int NEWEST = 30;
  private static final int OLDEST = 14;

  /** Null if there is none. */
  static @Nullable Psql find(PostgresBinaries own) {
    if (Files.isExecutable(own.home().resolve(PROGRAM))) {
      return new Psql(null);
    }
    for (int major = NEWEST; major >= OLDEST; major--) {
      for (String place : List.of("/usr/lib/postgresql/", "/usr/pgsql-", "/usr/lib/postgresql")) {
        Path program = Path.of(place + major, PROGRAM);
        if (Files.isExecutable(program)) {
          return new Psql(program);
        }
      }
    }
    Path usual = Path.of("/usr/bin/psql");
    return Files.isExecutable(usual) ? new Psql(usual) : null;
  }

  Path inside(Inside inside) {
    return ofHost == null ? inside.home().resolve(PROGRAM) : ofHost;
  }
}
