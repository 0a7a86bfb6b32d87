package dev.understudy.cloner.dump;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.UnixSocketFactory;
import dev.understudy.cloner.source.ConnectionUrl;
import dev.understudy.cloner.source.InterruptibleSql;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The way to a production server: for us, and for PostgreSQL's own programs, which get the password
 * in their environment and nowhere else.
 */
final class Production {
  private static final int CONNECT_SECONDS = 10;
  private static final Duration ANSWER = Duration.ofMinutes(5);
  private static final int DEFAULT_PORT = 5432;

  /**
   * No name that we use may mean something that an ordinary user of production has put in the way.
   */
  private static final String TRUSTED_NAMES = "SET search_path = pg_catalog, pg_temp";

  private static final String UNLIMITED =
      """
      SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN (
        'statement_timeout', 'lock_timeout', 'transaction_timeout',
        'idle_in_transaction_session_timeout', 'idle_session_timeout')\
      """;

  private final ConnectionUrl url;
  private final String host;

  private Production(ConnectionUrl url, String host) {
    this.url = url;
    this.host = host;
  }

  /** Asks one database. */
  @FunctionalInterface
  interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  /**
   * @param source its name
   */
  static Production of(String source, Secret url) throws SourceException {
    ConnectionUrl parsed;
    try {
      parsed = ConnectionUrl.parse(url);
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          Kind.CONNECTION,
          "url of source '%s' is no connection URI".formatted(source),
          e.getMessage(),
          "Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE.");
    }
    String host = parsed.host();
    if (host == null) {
      throw new SourceException(
          Kind.CONNECTION,
          "url of source '%s' names no host".formatted(source),
          null,
          "Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE.");
    }
    return new Production(parsed, host);
  }

  /** For people; without the password. */
  String describe() {
    return "%s, port %d".formatted(host, port());
  }

  private int port() {
    return url.port() == null ? DEFAULT_PORT : url.port();
  }

  private String user() {
    return url.user() == null ? System.getProperty("user.name", "postgres") : url.user();
  }

  /** The one that is asked for what concerns all. */
  String database() {
    return url.database() == null ? "postgres" : url.database();
  }

  /** Has a session of its own for one question; an interrupt ends it. */
  <T> T ask(String database, Question<T> question) throws SourceException, InterruptedException {
    try (Connection connection = connect(database)) {
      return InterruptibleSql.call(
          () -> {
            Rows.execute(connection, TRUSTED_NAMES);
            Rows.execute(connection, UNLIMITED);
            connection.setNetworkTimeout(Runnable::run, (int) ANSWER.toMillis());
            return question.ask(connection);
          },
          () -> abort(connection));
    } catch (SQLException e) {
      throw new SourceException(
          Kind.CONNECTION,
          "production's server does not answer",
          "%s, database %s: %s".formatted(describe(), database, e.getMessage()),
          null,
          e);
    }
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // Its owner closes it in any case.
    }
  }

  private Connection connect(String database) throws SourceException {
    Properties properties = new Properties();
    properties.setProperty("user", user());
    Secret password = url.password();
    if (password != null) {
      properties.setProperty("password", password.value());
    }
    url.parameters()
        .forEach((name, value) ->
            properties.setProperty(
                name.equals("channel_binding") ? "channelBinding" : name, value));
    properties.setProperty("ApplicationName", "understudy");
    properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("socketTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("gssEncMode", "disable");
    String encoded = URLEncoder.encode(database, StandardCharsets.UTF_8);
    String target = "jdbc:postgresql://localhost/" + encoded;
    if (url.isUnixSocket()) {
      properties.setProperty("sslmode", "disable");
      properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
      properties.setProperty(
          "socketFactoryArg",
          UnixSocketFactory.argument("%s/.s.PGSQL.%d".formatted(host, port()), null));
    } else {
      target =
          "jdbc:postgresql://%s:%d/%s"
              .formatted(host.contains(":") ? "[" + host + "]" : host, port(), encoded);
    }
    try {
      return DriverManager.getConnection(target, properties);
    } catch (SQLException e) {
      throw new SourceException(
          Kind.CONNECTION,
          "production's server does not let us in",
          "%s, database %s, role %s: %s".formatted(describe(), database, user(), e.getMessage()),
          "See that url of the source has the direct address of the server, a role that may"
              + " connect to each database, and its password.",
          e);
    }
  }

  /** What PostgreSQL's programs need to know. Secret. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("PGHOST", host);
    environment.put("PGPORT", Integer.toString(port()));
    environment.put("PGUSER", user());
    environment.put("PGCONNECT_TIMEOUT", Integer.toString(CONNECT_SECONDS));
    environment.put("PGAPPNAME", "understudy");
    environment.put("PGGSSENCMODE", "disable");
    Secret password = url.password();
    if (password != null) {
      environment.put("PGPASSWORD", password.value());
    }
    url.parameters()
        .forEach((name, value) ->
            environment.put(
                "PG" + name.replace("_", "").toUpperCase(java.util.Locale.ROOT), value));
    return Map.copyOf(environment);
  }

  /** For {@code --dbname}: nothing secret, and a peer that is gone is noticed within minutes. */
  static String connectionString(String database) {
    requireNonNull(database, "database is null");
    return "dbname='%s' keepalives_idle=30 keepalives_interval=10 keepalives_count=6 tcp_user_timeout=120000"
        .formatted(database.replace("\\", "\\\\").replace("'", "\\'"));
  }
}
