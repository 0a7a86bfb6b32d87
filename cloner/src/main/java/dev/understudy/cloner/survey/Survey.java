package dev.understudy.cloner.survey;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.InterruptibleSql;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.standby.Prerequisites;
import dev.understudy.config.Secret;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a URL leads to, and how it can be mirrored.
 *
 * @param server host and port, for people
 * @param version as people write it
 * @param database that environments are of
 * @param role that its users have in clones: the database's owner, or who may act as that one
 * @param obstacle why no standby can follow it, so that it has to be dumped; null if one can
 */
public record Survey(
    String server, String version, String database, String role, @Nullable Obstacle obstacle) {
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** In no order that means anything, none of them a template. */
  private static final String DATABASES =
      "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate"
          + " AND datname <> 'postgres' ORDER BY datname";

  /** The owner first, then whoever may become the owner; superusers last. */
  private static final String ROLE =
      """
      SELECT r.rolname FROM pg_roles r, pg_database d
      WHERE d.datname = current_database() AND r.rolcanlogin AND pg_has_role(r.oid, d.datdba, 'MEMBER')
      ORDER BY r.oid <> d.datdba, r.rolsuper, r.oid LIMIT 1\
      """;

  /**
   * Why no standby can follow.
   *
   * @param help what was seen, and what an administrator does where a standby is wanted
   */
  public record Obstacle(String reason, String help) {
    public Obstacle {
      requireNonNull(reason, "reason is null");
      requireNonNull(help, "help is null");
    }
  }

  public Survey {
    requireNonNull(server, "server is null");
    requireNonNull(version, "version is null");
    requireNonNull(database, "database is null");
    requireNonNull(role, "role is null");
  }

  /**
   * Asks the server. Blocks, for seconds at most; nothing is changed there.
   *
   * @throws SourceException in words for whoever gave the URL
   */
  public static Survey of(Secret url) throws SourceException, InterruptedException {
    Production production = Production.of("prod", url);
    String database = database(production);
    try (Connection connection = production.connect(database, ANSWER)) {
      return InterruptibleSql.call(connection, () -> survey(production, database, connection));
    } catch (SQLException e) {
      throw unanswered(production, e);
    }
  }

  private static SourceException unanswered(Production production, SQLException e) {
    return new SourceException(
        Kind.CONNECTION,
        "production's server does not answer",
        "%s: %s".formatted(production.describe(), e.getMessage()),
        "See its log, and that the role of the URL may read pg_catalog.",
        e);
  }

  /** The URL's; where it names none, the server's only one. */
  private static String database(Production production) throws SourceException {
    String named = production.url().database();
    if (named != null) {
      return named;
    }
    try (Connection connection = production.connect(ANSWER)) {
      List<String> all = texts(connection, DATABASES);
      if (all.size() == 1) {
        return all.getFirst();
      }
      throw new SourceException(
          Kind.CONNECTION,
          "the URL names no database",
          all.isEmpty()
              ? "The server has none but postgres."
              : "The server has " + String.join(", ", all) + ".",
          "Name one at its end: postgresql://USER@HOST:PORT/DATABASE.");
    } catch (SQLException e) {
      throw unanswered(production, e);
    }
  }

  private static Survey survey(Production production, String database, Connection connection)
      throws SQLException {
    List<String> roles = texts(connection, ROLE);
    return new Survey(
        production.describe(),
        texts(connection, "SELECT current_setting('server_version')").getFirst(),
        database,
        roles.isEmpty() ? production.user() : roles.getFirst(),
        obstacle(production, connection));
  }

  private static @Nullable Obstacle obstacle(Production production, Connection connection)
      throws SQLException {
    try {
      new Prerequisites(production, connection).requireAll();
      return null;
    } catch (SourceException e) {
      return new Obstacle(String.valueOf(e.getMessage()), "%s %s".formatted(e.detail(), e.hint()));
    } catch (IOException e) {
      throw new SQLException("interrupted", e); // of nothing else
    }
  }

  private static List<String> texts(Connection connection, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  /** For people. */
  public String describe() {
    return "PostgreSQL %s at %s, database %s; %s"
        .formatted(
            version,
            server,
            database,
            obstacle == null
                ? "a standby of our own will follow it"
                : "it will be dumped, as %s. For a standby: %s"
                    .formatted(obstacle.reason(), obstacle.help()));
  }
}
