package dev.understudy.cloner.standby;

import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.SourceType.Collations;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * What production has to allow before a standby can follow it, whatever the settings of the source
 * are. Asks only.
 */
public final class Prerequisites {
  private static final int SENDERS_NEEDED = 2;
  private static final String NO_REPLICATION =
      "production takes no replication connection from here";

  private final Production production;
  private final Connection connection;

  /**
   * What is known when nothing stands in the way.
   *
   * @param superuser of production, who may log in
   */
  record Met(long systemIdentifier, String superuser) {}

  /**
   * @param connection to production, with a {@code search_path} that can be trusted
   */
  public Prerequisites(Production production, Connection connection) {
    this.production = production;
    this.connection = connection;
  }

  /**
   * Throws what stands in the way of a standby with the settings that a source has by default.
   *
   * @throws SourceException with what an administrator does about it
   */
  public void requireAll() throws SQLException, SourceException, IOException {
    require();
    new GlibcCollations(Collations.REFUSE).require(production, connection);
  }

  Met require() throws SQLException, SourceException {
    requirePrivilege();
    requireWalLevel();
    requireSenders();
    requireNoPartInCommits(connection);
    return new Met(requireReplication(), superuser());
  }

  private void requirePrivilege() throws SQLException, SourceException {
    if (!Rows.isTrue(
        connection,
        "SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user")) {
      String role = Rows.text(connection, "SELECT quote_ident(current_user)");
      throw new SourceException(
          Kind.PRIVILEGES,
          "role %s may not replicate".formatted(role),
          "It lacks the attribute REPLICATION.",
          "As a superuser of production: ALTER ROLE %s REPLICATION;".formatted(role));
    }
  }

  private void requireWalLevel() throws SQLException, SourceException {
    if (Rows.text(connection, "SHOW wal_level").equals("minimal")) {
      throw new SourceException(
          Kind.SETTINGS,
          "production's wal_level is minimal",
          "With it, WAL does not hold what a standby needs.",
          "ALTER SYSTEM SET wal_level = 'replica'; and restart production.");
    }
  }

  private void requireSenders() throws SQLException, SourceException {
    long most = Rows.number(connection, "SHOW max_wal_senders");
    long used = Rows.number(connection, "SELECT count(*) FROM pg_stat_replication");
    if (most - used < SENDERS_NEEDED) {
      throw new SourceException(
          Kind.SETTINGS,
          "production has too few WAL senders left",
          "max_wal_senders is %d, and %d are in use; a base backup needs two."
              .formatted(most, used),
          "ALTER SYSTEM SET max_wal_senders = %d; and restart production."
              .formatted(Math.max(10, used + 2 * SENDERS_NEEDED)));
    }
  }

  /** A commit of production must never wait for us. */
  static void requireNoPartInCommits(Connection connection) throws SQLException, SourceException {
    String names = Rows.text(connection, "SHOW synchronous_standby_names");
    // PostgreSQL takes no notice of case there, whatever is quoted.
    if (names.contains("*") || names.toLowerCase(Locale.ROOT).contains("understudy")) {
      throw new SourceException(
          Kind.SETTINGS,
          "production's commits would wait for our standby",
          "Its synchronous_standby_names is '%s', which ours matches.".formatted(names),
          "Name production's own standbys there, one by one.");
    }
  }

  /** A connection as the base backup's will be. */
  private long requireReplication() throws SourceException {
    try (Connection replication = production.connectForReplication();
        Statement statement = replication.createStatement();
        ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
      row.next();
      return Long.parseUnsignedLong(row.getString("systemid"));
    } catch (SourceException e) {
      throw new SourceException(e.kind(), NO_REPLICATION, e.detail(), e.hint(), e);
    } catch (SQLException e) {
      throw new SourceException(
          Kind.CONNECTION,
          NO_REPLICATION,
          "%s: %s".formatted(production.describe(), e.getMessage()),
          "Let url of the source name the server itself, and no pooler in front of it.",
          e);
    }
  }

  /** Whom we can be in a copy: the bootstrap superuser, or another one. */
  private String superuser() throws SQLException, SourceException {
    List<String> names = Rows.texts(connection, Superuser.NAME);
    if (names.isEmpty()) {
      throw new SourceException(
          Kind.UNSUPPORTED,
          "no superuser of production may log in",
          "A copy is followed and prepared as a superuser.",
          "CREATE ROLE understudy_copy SUPERUSER LOGIN; without a password it opens nothing.");
    }
    return names.getFirst();
  }
}
