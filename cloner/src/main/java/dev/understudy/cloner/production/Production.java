package dev.understudy.cloner.production;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.postgres.UnixSocketFactory;
import dev.understudy.cloner.source.ConnectionUrl;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.Secret;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * Production's server, as its URL says. Nothing that is done here changes anything of it, but for
 * the slot that the settings ask for.
 *
 * @param user the URL's, else the daemon's own, as with libpq
 */
public record Production(ConnectionUrl url, String user) {
  private static final String SECONDS = "10";
  private static final String SOCKETS = "/var/run/postgresql";

  /** An ordinary user of production must not decide what the names mean that we use. */
  private static final String TRUSTED_NAMES = "SET search_path = pg_catalog, pg_temp";

  private static final String UNLIMITED =
      """
      SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN (
        'statement_timeout', 'lock_timeout', 'transaction_timeout',
        'idle_in_transaction_session_timeout', 'idle_session_timeout')\
      """;

  public Production {
    requireNonNull(url, "url is null");
    requireNonNull(user, "user is null");
  }

  /**
   * The server of a source.
   *
   * @param source its name
   */
  public static Production of(String source, Secret url)
      throws SourceException, InterruptedException {
    try {
      return of(ConnectionUrl.parse(url));
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          Kind.CONNECTION,
          "url of source '%s' is no connection URI".formatted(source),
          e.getMessage(),
          "Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE.");
    } catch (IOException e) {
      throw new SourceException(
          Kind.CONNECTION,
          "url of source '%s' names no user, and that of this process has no name"
              .formatted(source),
          e.getMessage(),
          "Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE.",
          e);
    }
  }

  /** The URL's user, else the operating system's, as with libpq. */
  public static Production of(ConnectionUrl url) throws IOException, InterruptedException {
    return new Production(url, url.user() == null ? Accounts.current().name() : url.user());
  }

  /**
   * Connects.
   *
   * @param answerWithin after it is connected, how long an answer may take
   */
  public Connection connect(Duration answerWithin) throws SourceException {
    return connect(database(), answerWithin);
  }

  public Connection connect(String database, Duration answerWithin) throws SourceException {
    try {
      Connection connection = DriverManager.getConnection(target(database), properties());
      try (Statement statement = connection.createStatement()) {
        statement.execute(TRUSTED_NAMES);
        statement.execute(UNLIMITED);
        connection.setNetworkTimeout(Runnable::run, (int) answerWithin.toMillis());
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw Refusal.of(this, e);
    }
  }

  /** A connection for replication, which takes the commands of that protocol. */
  public Connection connectForReplication() throws SourceException {
    Properties properties = properties();
    properties.setProperty("replication", "true");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("assumeMinServerVersion", "14");
    try {
      return DriverManager.getConnection(target(database()), properties);
    } catch (SQLException e) {
      throw Refusal.of(this, e);
    }
  }

  /** The one that is asked for what concerns all. */
  public String database() {
    return url.database() == null ? "postgres" : url.database();
  }

  public boolean isUnixSocket() {
    return url.host() == null || url.isUnixSocket();
  }

  public String socketDirectory() {
    return host();
  }

  /** A name, an address, or the directory of a unix socket, as libpq takes it. */
  public String host() {
    return url.host() == null ? SOCKETS : url.host();
  }

  public int port() {
    return url.port() == null ? 5432 : url.port();
  }

  /** Host and port, for people. */
  public String describe() {
    return isUnixSocket()
        ? "%s/.s.PGSQL.%d".formatted(socketDirectory(), port())
        : url.host() + ":" + port();
  }

  /** True where production surely runs on this host. */
  public boolean isHere() {
    String host = url.host();
    return isUnixSocket()
        || "localhost".equals(host)
        || "::1".equals(host)
        || String.valueOf(host).startsWith("127.");
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    if (url.password() != null) {
      properties.setProperty("password", url.password().value());
    }
    url.parameters().forEach((name, value) -> properties.setProperty(jdbcName(name), value));
    properties.setProperty("ApplicationName", "understudy");
    properties.setProperty("loginTimeout", SECONDS);
    properties.setProperty("connectTimeout", SECONDS);
    properties.setProperty("socketTimeout", SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("gssEncMode", "disable");
    if (isUnixSocket()) {
      properties.setProperty("sslmode", "disable");
      properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
      properties.setProperty("socketFactoryArg", UnixSocketFactory.argument(describe(), null));
    }
    return properties;
  }

  private String target(String database) {
    String name = URLEncoder.encode(database, StandardCharsets.UTF_8);
    String host = url.host();
    if (isUnixSocket() || host == null) {
      return "jdbc:postgresql://localhost/" + name;
    }
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(host.contains(":") ? "[" + host + "]" : host, port(), name);
  }

  private static String jdbcName(String libpqName) {
    return libpqName.equals("channel_binding") ? "channelBinding" : libpqName;
  }
}
