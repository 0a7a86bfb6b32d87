package dev.understudy.proxy.access;

import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.route.ConsoleRoute;
import dev.understudy.proxy.route.EnvironmentRoute;
import dev.understudy.proxy.route.Route;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's words for what {@code pg_hba.conf} does not let in. */
final class AccessRefusals {
  private AccessRefusals() {}

  /**
   * No rule is about the connection.
   *
   * @param route null: nothing is known of it that may be told
   */
  static ErrorResponse notCovered(Origin origin, @Nullable Route route, boolean isForTls) {
    return refusal(
        "no listen.hba entry for " + connection(origin, route),
        isForTls,
        "Add a rule that lets this in to listen.hba in the settings of Understudy; the first that"
            + " matches decides.");
  }

  /** A rule is, and says so. */
  static ErrorResponse rejected(Origin origin, @Nullable Route route, boolean isForTls) {
    return refusal(
        "listen.hba rejects connection for " + connection(origin, route),
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

  private static String connection(Origin origin, @Nullable Route route) {
    StringBuilder text = new StringBuilder("host \"").append(origin.host()).append('"');
    if (route != null) {
      text.append(", user \"").append(route.login()).append('"');
    }
    if (route instanceof EnvironmentRoute environment) {
      text.append(", environment \"").append(environment.environment()).append('"');
      text.append(
          environment.isPhysicalReplication()
              ? ", replication"
              : ", database \"" + environment.database() + "\"");
    }
    if (route instanceof ConsoleRoute) {
      text.append(", database \"understudy\"");
    }
    return text.append(origin.encrypted() ? ", SSL encryption" : ", no encryption").toString();
  }
}
