package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.Account;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** Sessions of the daemon's own, over unix sockets. */
public final class Sql {
  /** What is set for a role or a database to end statements and sessions ends none of ours. */
  private static final String UNTIMED =
      "-c statement_timeout=0 -c lock_timeout=0 -c idle_session_timeout=0"
          + " -c idle_in_transaction_session_timeout=0";

  /** Libraries that are set there to be loaded by sessions may be missing here. */
  private static final String BARE =
      UNTIMED + " -c session_preload_libraries= -c local_preload_libraries=";

  private Sql() {}

  /**
   * Connects; no answer for {@code timeout} fails, now and later.
   *
   * @param socket the unix socket itself, at most 107 bytes
   */
  public static Connection connect(Path socket, String database, String role, Duration timeout)
      throws SQLException {
    return connect(
        UnixSocketFactory.argument(socket.toString(), (Account) null),
        new Properties(),
        database,
        role,
        timeout);
  }

  /** As {@link #connect}, for a superuser, whatever is set for the role and the database. */
  public static Connection connectBare(Path socket, String database, String role, Duration timeout)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("options", BARE);
    return connect(
        UnixSocketFactory.argument(socket.toString(), (Account) null),
        properties,
        database,
        role,
        timeout);
  }

  /**
   * Connects for a short while to a server that may mean ill: whatever it does, the connection is
   * dead after {@code lifetime}, connecting included, and a result of more than 8 MB is refused.
   */
  public static Connection connectBriefly(
      Path socket, String database, String role, Duration lifetime) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("options", UNTIMED);
    properties.setProperty("maxResultBuffer", "8M");
    return connect(
        UnixSocketFactory.argument(socket.toString(), lifetime),
        properties,
        database,
        role,
        lifetime);
  }

  /**
   * Connects as another operating system user, which is what {@code peer} authentication looks at.
   * For root only.
   */
  public static Connection connectAs(
      Account account, Path socket, String database, String role, Duration timeout)
      throws SQLException {
    return connect(
        UnixSocketFactory.argument(socket.toString(), account),
        new Properties(),
        database,
        role,
        timeout);
  }

  private static Connection connect(
      String socketArgument, Properties properties, String database, String role, Duration timeout)
      throws SQLException {
    properties.setProperty("user", role);
    properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
    properties.setProperty("socketFactoryArg", socketArgument);
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("ApplicationName", "understudy");
    properties.setProperty("socketTimeout", Long.toString(Math.max(1, timeout.toSeconds())));
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost/" + URLEncoder.encode(database, StandardCharsets.UTF_8),
        properties);
  }
}
