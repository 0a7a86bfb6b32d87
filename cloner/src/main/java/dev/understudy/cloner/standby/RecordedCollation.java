package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.SourceException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A collation of production's that indexes may have been built with, and the version that it had
 * then.
 *
 * @param name with its database, for people
 * @param locale as its provider knows it
 */
record RecordedCollation(String name, String locale, String version) {
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** The collations of databases themselves, from 15 on. */
  private static final String OF_DATABASES =
      """
      SELECT quote_ident(datname), LOCALE, datcollversion FROM pg_database
      WHERE datlocprovider = 'PROVIDER' AND datcollversion IS NOT NULL ORDER BY datname\
      """;

  /** Of a database, those that indexes use; before 15 the database's own is one of these rows. */
  private static final String OF_INDEXES =
      """
      SELECT format('%I: %s.%I', current_database(), collnamespace::regnamespace, collname), LOCALE,
        collversion
      FROM pg_collation
      WHERE collprovider = 'PROVIDER' AND collversion IS NOT NULL
        AND (oid IN (SELECT unnest(indcollation) FROM pg_index) OR DATABASES_OWN) ORDER BY 1\
      """;

  private static final String DATABASES_OWN =
      "collcollate = (SELECT datcollate FROM pg_database WHERE datname = current_database())";

  /** Whose rules a collation follows. */
  enum Provider {
    /** The C library. */
    LIBC("c"),
    ICU("i");

    private final String code;

    Provider(String code) {
      this.code = code;
    }

    /** The column of a catalog, by the prefix of its columns. */
    private String locale(String prefix, int major) {
      if (this == LIBC || major < 15) {
        return prefix + "collate";
      }
      return prefix + (major < 17 ? "iculocale" : "locale");
    }
  }

  RecordedCollation {
    requireNonNull(name, "name is null");
    requireNonNull(locale, "locale is null");
    requireNonNull(version, "version is null");
  }

  /**
   * All of a provider's in the databases that the role may connect to. A database that does not
   * answer is passed over.
   *
   * @param connection to production, with a {@code search_path} that can be trusted
   */
  static List<RecordedCollation> of(Provider provider, Production production, Connection connection)
      throws SQLException {
    int major = (int) Rows.number(connection, "SHOW server_version_num") / 10_000;
    List<RecordedCollation> all = new ArrayList<>();
    if (major >= 15) {
      all.addAll(read(connection, written(OF_DATABASES, provider, "dat", major)));
    }
    String own = major < 15 && provider == Provider.LIBC ? DATABASES_OWN : "false";
    String ofIndexes = written(OF_INDEXES, provider, "coll", major).replace("DATABASES_OWN", own);
    for (String database : Rows.texts(connection, MissingExtensions.CONNECTABLE)) {
      if (Thread.interrupted()) {
        throw new SQLException("interrupted");
      }
      try (Connection inside = production.connect(database, ANSWER)) {
        all.addAll(read(inside, ofIndexes));
      } catch (SourceException | SQLException e) {
        // It is asked of the copy, too.
      }
    }
    return all;
  }

  private static String written(String query, Provider provider, String prefix, int major) {
    return query
        .replace("LOCALE", provider.locale(prefix, major))
        .replace("PROVIDER", provider.code);
  }

  private static List<RecordedCollation> read(Connection connection, String query)
      throws SQLException {
    List<RecordedCollation> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        all.add(new RecordedCollation(rows.getString(1), rows.getString(2), rows.getString(3)));
      }
    }
    return all;
  }

  /** For people. */
  String describe() {
    return "%s (%s)".formatted(name, version);
  }
}
