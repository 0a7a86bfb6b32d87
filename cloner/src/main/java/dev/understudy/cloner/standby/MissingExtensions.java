package dev.understudy.cloner.standby;

import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.SourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Extensions of production that are not installed here: what needs them fails in clones. Looks into
 * the databases that the role may connect to.
 */
record MissingExtensions(Production production, PostgresBinaries binaries) {
  /** Databases that the role may connect to. */
  static final String CONNECTABLE =
      """
      SELECT datname FROM pg_database WHERE datallowconn AND datconnlimit <> -2
        AND has_database_privilege(oid, 'CONNECT') ORDER BY datname\
      """;

  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** For people, a line per database. */
  List<String> find(Connection connection) throws SQLException {
    Optional<Path> directory = directory(binaries);
    List<String> warnings = new ArrayList<>();
    if (directory.isEmpty()) {
      return List.of("it cannot be told which extensions are installed here");
    }
    for (String database : Rows.texts(connection, CONNECTABLE)) {
      if (Thread.interrupted()) {
        throw new SQLException("interrupted");
      }
      try (Connection inside = production.connect(database, ANSWER)) {
        List<String> missing = new ArrayList<>();
        for (String name :
            Rows.texts(inside, "SELECT extname FROM pg_extension ORDER BY extname")) {
          if (!Files.exists(directory.get().resolve(name + ".control"))) {
            missing.add(name);
          }
        }
        if (!missing.isEmpty()) {
          warnings.add(
              "database %s: extensions that are not installed here, and what needs them fails in"
                      .formatted(database)
                  + " clones: "
                  + String.join(", ", missing));
        }
      } catch (SourceException e) {
        warnings.add(
            "database %s: its extensions cannot be looked at: %s".formatted(database, e.detail()));
      }
    }
    return warnings;
  }

  /** Where the control files of extensions are. */
  static Optional<Path> directory(PostgresBinaries binaries) {
    Path home = binaries.home();
    return List.of(
            home.resolve("share/postgresql"),
            home.resolve("share"),
            // As Homebrew lays it out.
            home.resolve("share/postgresql@" + binaries.major()),
            // As Debian lays it out, below whatever root.
            home.resolve("../../../share/postgresql/" + binaries.major()),
            Path.of("/usr/share/postgresql/" + binaries.major()),
            Path.of("/usr/share/pgsql"),
            Path.of("/usr/share/postgresql"))
        .stream()
        .map(share -> share.resolve("extension"))
        .filter(extension -> Files.exists(extension.resolve("plpgsql.control")))
        .findFirst();
  }
}
