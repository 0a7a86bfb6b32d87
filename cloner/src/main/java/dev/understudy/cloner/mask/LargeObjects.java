package dev.understudy.cloner.mask;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The large objects of one database. */
final class LargeObjects {
  private LargeObjects() {}

  static boolean exist(Connection connection) throws SQLException {
    return count(connection) > 0;
  }

  static long count(Connection connection) throws SQLException {
    return Query.numbers(connection, "SELECT count(*) FROM pg_largeobject_metadata").getFirst();
  }

  /**
   * Removes all, with their owners, comments and labels. One by one each would need a lock of its
   * own.
   *
   * @return the catalogs whose old rows are to go
   */
  static List<String> remove(Connection connection) throws SQLException {
    Query.execute(
        connection,
        "DELETE FROM pg_largeobject",
        "DELETE FROM pg_largeobject_metadata",
        "DELETE FROM pg_description WHERE classoid = 'pg_largeobject'::regclass",
        "DELETE FROM pg_seclabel WHERE classoid = 'pg_largeobject'::regclass",
        """
        DELETE FROM pg_shdepend WHERE classid = 'pg_largeobject'::regclass
          AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())\
        """);
    return List.of("pg_largeobject", "pg_largeobject_metadata", "pg_description", "pg_seclabel");
  }
}
