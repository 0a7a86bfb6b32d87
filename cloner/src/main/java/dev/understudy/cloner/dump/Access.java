package dev.understudy.cloner.dump;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.InterruptibleSql;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The way to a production server that is dumped: for us, and for PostgreSQL's own programs, which
 * get the password in their environment and nowhere else.
 */
final class Access {
  private static final String CONNECT_SECONDS = "10";
  private static final Duration ANSWER = Duration.ofMinutes(5);

  private final Production production;

  /** Asks one database. */
  @FunctionalInterface
  interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  Access(Production production) {
    this.production = requireNonNull(production, "production is null");
  }

  /** The one that is asked for what concerns all. */
  String database() {
    return production.database();
  }

  /** Has a session of its own for one question; an interrupt ends it. */
  <T> T ask(String database, Question<T> question) throws SourceException, InterruptedException {
    try (Connection connection = production.connect(database, ANSWER)) {
      return InterruptibleSql.call(connection, () -> question.ask(connection));
    } catch (SQLException e) {
      throw new SourceException(
          Kind.CONNECTION,
          "production's server does not answer",
          "%s, database %s: %s".formatted(production.describe(), database, e.getMessage()),
          null,
          e);
    }
  }

  /** What PostgreSQL's programs need to know. Secret. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("PGHOST", production.host());
    environment.put("PGPORT", Integer.toString(production.port()));
    environment.put("PGUSER", production.user());
    environment.put("PGCONNECT_TIMEOUT", CONNECT_SECONDS);
    environment.put("PGAPPNAME", "understudy");
    environment.put("PGGSSENCMODE", "disable");
    Secret password = production.url().password();
    if (password != null) {
      environment.put("PGPASSWORD", password.value());
    }
    production
        .url()
        .parameters()
        .forEach((name, value) ->
            environment.put("PG" + name.replace("_", "").toUpperCase(Locale.ROOT), value));
    return Map.copyOf(environment);
  }

  /** For {@code --dbname}: nothing secret, and a peer that is gone is noticed within minutes. */
  static String connectionString(String database) {
    requireNonNull(database, "database is null");
    return "dbname='%s' keepalives_idle=30 keepalives_interval=10 keepalives_count=6 tcp_user_timeout=120000"
        .formatted(database.replace("\\", "\\\\").replace("'", "\\'"));
  }
}
