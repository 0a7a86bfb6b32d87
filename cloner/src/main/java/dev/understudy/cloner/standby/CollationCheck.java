package dev.understudy.cloner.standby;

import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether texts are sorted here as where production's indexes were built, as told by the versions
 * of collations that PostgreSQL records: the database's own, and those that indexes use. What has
 * no version recorded (C, POSIX, other C libraries) cannot be told.
 */
final class CollationCheck {
  private static final int DATABASES_HAVE_VERSIONS = 150_000;

  private static final String OF_DATABASE =
      """
      SELECT 'the database''s own (' || datcollversion || ')' FROM pg_catalog.pg_database
      WHERE datname = pg_catalog.current_database()
        AND datcollversion <> coalesce(pg_catalog.pg_database_collation_actual_version(oid), '?')\
      """;

  /** Before 15 the database's own was one of these rows. */
  private static final String OF_INDEXES =
      """
      SELECT pg_catalog.format('%I.%I (%s)', collnamespace::regnamespace, collname, collversion)
      FROM pg_catalog.pg_collation
      WHERE (oid IN (SELECT pg_catalog.unnest(indcollation) FROM pg_catalog.pg_index) OR BEFORE_15)
        AND collversion <> coalesce(pg_catalog.pg_collation_actual_version(oid), '?')\
      """;

  private static final String THE_DATABASES =
      """
      collprovider = 'c' AND collcollate = (SELECT datcollate FROM pg_catalog.pg_database
        WHERE datname = pg_catalog.current_database())\
      """;

  private CollationCheck() {}

  /** Those of the connected database that differ, for people. */
  static List<String> differing(Connection connection) throws SQLException {
    boolean recorded =
        Rows.number(connection, "SHOW server_version_num") >= DATABASES_HAVE_VERSIONS;
    List<String> differing = new ArrayList<>();
    if (recorded) {
      differing.addAll(Rows.texts(connection, OF_DATABASE));
    }
    differing.addAll(
        Rows.texts(
            connection, OF_INDEXES.replace("BEFORE_15", recorded ? "false" : THE_DATABASES)));
    return differing;
  }

  /** In all databases of a standby's that allow connections. */
  static void require(Replica replica) throws SQLException, SourceException {
    List<String> all = new ArrayList<>();
    for (String database :
        Rows.texts(
            replica.session(),
            "SELECT datname FROM pg_database WHERE datallowconn AND datconnlimit <> -2"
                + " ORDER BY datname")) {
      try (Connection inside = replica.connect(database)) {
        for (String collation : differing(inside)) {
          all.add(database + ": " + collation);
        }
      }
    }
    if (!all.isEmpty()) {
      throw refusal(all, null);
    }
  }

  static SourceException refusal(List<String> differing, @Nullable String here) {
    return new SourceException(
        Kind.SETTINGS,
        "this host sorts texts otherwise than production",
        "Collations of another version%s: %s."
            .formatted(
                here == null ? "" : " than here (" + here + ")", String.join(", ", differing)),
        "Indexes on texts would find too little. Run this on a host with production's operating"
            + " system release; or set collations = reindex for the source, which builds the"
            + " indexes anew in every snapshot.");
  }
}
