package dev.understudy.cloner.standby;

import dev.understudy.cloner.postgres.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Whom we can be in a copy of production: the bootstrap superuser, or another one where that may
 * not log in. Production can rename or drop it at any time, so its name is never known for good.
 */
final class Superuser {
  /** No row where no superuser may log in. */
  static final String NAME =
      "SELECT rolname FROM pg_catalog.pg_roles WHERE rolsuper AND rolcanlogin"
          + " ORDER BY oid <> 10, oid LIMIT 1";

  /** No such role, or it may not log in; it may not do what only a superuser may. */
  private static final Set<String> NOT_THIS_ONE = Set.of("28000", "42501");

  private static final Duration ANSWER = Duration.ofSeconds(30);

  private Superuser() {}

  /** Whether a session was refused because the name is no superuser's, or nobody's. */
  static boolean isAnother(SQLException refusal) {
    return NOT_THIS_ONE.contains(String.valueOf(refusal.getSQLState()));
  }

  /**
   * Asks a server of ours as the role by which production lets us follow it, which is no superuser:
   * there must be one of that name, or nothing would be followed.
   *
   * @param database one that it may connect to
   */
  static String ask(Path socket, String database, String role) throws SQLException {
    try (Connection connection = Sql.connect(socket, database, role, ANSWER)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET search_path = pg_catalog, pg_temp");
      }
      List<String> names = Rows.texts(connection, NAME);
      if (names.isEmpty()) {
        throw new SQLException(
            "no superuser of production may log in: CREATE ROLE understudy_copy SUPERUSER LOGIN;"
                + " there; without a password it opens nothing");
      }
      return names.getFirst();
    }
  }
}
