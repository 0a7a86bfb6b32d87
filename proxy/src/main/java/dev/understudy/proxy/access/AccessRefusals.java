package dev.understudy.proxy.access;

import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.route.ConsoleRoute;
import dev.understudy.proxy.route.EnvironmentRoute;
import dev.understudy.proxy.route.RefusedRoute;
import dev.understudy.proxy.route.Route;

/** PostgreSQL's words for what {@code pg_hba.conf} does not let in. */
final class AccessRefusals {
  private AccessRefusals() {}

  /**
   * No rule is about the connection.
   *
   * @param subject of the connection, as below; empty: nothing is known of it that may be told
   */
  static ErrorResponse notCovered(Origin origin, String subject, boolean isForTls) {
    return refusal(
        "no listen.hba entry for " + connection(origin, subject),
        isForTls,
        "Add a rule that lets this in to listen.hba in the settings of Understudy; the first that"
            + " matches decides.");
  }

  /** A rule is, and says so. */
  static ErrorResponse rejected(Origin origin, String subject, boolean isForTls) {
    return refusal(
        "listen.hba rejects connection for " + connection(origin, subject),
        isForTls,
        "Put a rule that lets this in before the one that rejects it, in listen.hba in the"
            + " settings of Understudy.");
  }

  private static ErrorResponse refusal(String message, boolean isForTls, String otherwise) {
    return ErrorResponse.fatal(
        SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
        message,
        null,
        isForTls ? "Connect with sslmode=require: inside TLS it is let in." : otherwise);
  }

  private static String connection(Origin origin, String subject) {
    return "host \""
        + origin.host()
        + "\""
        + subject
        + (origin.encrypted() ? ", SSL encryption" : ", no encryption");
  }

  /** Who goes where. */
  static String subject(Route route) {
    String user = ", user \"" + route.login() + "\"";
    return switch (route) {
      case EnvironmentRoute environment ->
          subject(route.login(), environment.environment())
              + (environment.isPhysicalReplication()
                  ? ", replication"
                  : ", database \"" + environment.database() + "\"");
      case ConsoleRoute _ -> user + ", database \"" + ConsoleRoute.DATABASE + "\"";
      case RefusedRoute _ -> user;
    };
  }

  /** The same, whatever the database. */
  static String subject(String login, String environment) {
    return ", user \"" + login + "\", environment \"" + environment + "\"";
  }
}
