package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.postgres.UnixSocketFactory;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reaches production's server: as its URL says, and where that is silent by the unix socket that
 * {@code postmaster.pid} names, as the operating system user who owns the data directory.
 */
final class SourceConnector {
  private static final int CONNECT_SECONDS = 10;

  /**
   * We may be superuser here: no name that we use may mean something that an ordinary user of
   * production has put in the way. Before anything else, and itself without a function.
   */
  private static final String TRUSTED_NAMES = "SET search_path = pg_catalog, pg_temp";

  /** No limit of production's may end a backup half way. */
  private static final String UNLIMITED =
      """
      SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN (
        'statement_timeout', 'lock_timeout', 'transaction_timeout',
        'idle_in_transaction_session_timeout', 'idle_session_timeout')\
      """;

  private final ConnectionUrl url;
  private final PostmasterPid postmaster;
  private final Account owner;
  private final @Nullable Account peer;

  /**
   * @param owner of the data directory
   * @param root whether this process may act as the owner
   */
  SourceConnector(ConnectionUrl url, PostmasterPid postmaster, Account owner, boolean root) {
    this.url = requireNonNull(url, "url is null");
    this.postmaster = requireNonNull(postmaster, "postmaster is null");
    this.owner = requireNonNull(owner, "owner is null");
    this.peer = root && !owner.isRoot() ? owner : null;
  }

  /**
   * Connects.
   *
   * @param answerWithin after it is connected, how long an answer may take, a checkpoint included
   */
  Connection connect(Duration answerWithin) throws SourceException {
    if (url.host() == null && postmaster.socketDirectory() == null) {
      throw new SourceException(
          Kind.CONNECTION,
          "production's server has no unix socket",
          "Its unix_socket_directories is empty, and the source has no url with a host.",
          "Set url of the source, as in postgresql://understudy:PASSWORD@localhost:%d/postgres."
              .formatted(postmaster.port()));
    }
    SQLException first = null;
    for (String role : roles()) {
      try {
        Connection connection = connectAs(role);
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
        if (first == null) {
          first = e;
        }
      }
    }
    SQLException cause = requireNonNull(first, "no role was tried");
    throw new SourceException(
        Kind.CONNECTION,
        "production's server does not let us in",
        "%s: %s".formatted(describe(), cause.getMessage()),
        "Set url of the source to a role that may connect, as in"
            + " postgresql://understudy:PASSWORD@localhost:%d/postgres."
                .formatted(postmaster.port()),
        cause);
  }

  /** The user's name, as libpq does it, and then the name that nearly every cluster has. */
  private Set<String> roles() {
    Set<String> roles = new LinkedHashSet<>();
    if (url.user() != null) {
      roles.add(url.user());
    } else {
      roles.add(owner.name());
      roles.add("postgres");
    }
    return roles;
  }

  private String describe() {
    return isTcp() ? host() + ":" + port() : socket() + (peer == null ? "" : " as " + peer.name());
  }

  private Connection connectAs(String role) throws SQLException, SourceException {
    Properties properties = new Properties();
    properties.setProperty("user", role);
    Secret password = url.password();
    if (password != null) {
      properties.setProperty("password", password.value());
    }
    url.parameters().forEach((name, value) -> properties.setProperty(jdbcName(name), value));
    properties.setProperty("ApplicationName", "understudy");
    properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("socketTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("gssEncMode", "disable");
    String database =
        URLEncoder.encode(
            url.database() == null ? "postgres" : url.database(), StandardCharsets.UTF_8);
    String target = "jdbc:postgresql://localhost/" + database;
    if (isTcp()) {
      String host = host();
      target =
          "jdbc:postgresql://%s:%d/%s"
              .formatted(host.contains(":") ? "[" + host + "]" : host, port(), database);
    } else {
      properties.setProperty("sslmode", "disable");
      properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
      properties.setProperty("socketFactoryArg", UnixSocketFactory.argument(socket(), peer));
    }
    return DriverManager.getConnection(target, properties);
  }

  private boolean isTcp() {
    return url.host() != null && !url.isUnixSocket();
  }

  private String host() {
    return requireNonNull(url.host(), "host is null");
  }

  private int port() {
    return url.port() == null ? postmaster.port() : url.port();
  }

  private String socket() {
    String directory = url.host() == null ? postmaster.socketDirectory() : url.host();
    return "%s/.s.PGSQL.%d".formatted(directory, port());
  }

  private static String jdbcName(String libpqName) {
    return libpqName.equals("channel_binding") ? "channelBinding" : libpqName;
  }
}
