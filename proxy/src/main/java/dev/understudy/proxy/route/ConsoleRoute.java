package dev.understudy.proxy.route;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.backend.ErrorResponse;

/** To the virtual database {@code understudy}. No role of a source may log in there. */
public record ConsoleRoute(String login, int protocolMinor) implements Route {
  static final String DATABASE = "understudy";

  public ConsoleRoute {
    requireNonNull(login, "login is null");
  }

  @Override
  public String source() {
    return "";
  }

  /** What a client is told after authentication, as long as nothing answers there. */
  public ErrorResponse refusal() {
    return ErrorResponse.fatal(
        SqlState.INVALID_CATALOG_NAME,
        "database \"" + DATABASE + "\" is reserved for the console, which is not there yet",
        null,
        "Connect to an environment: psql \"dbname=DATABASE@NAME\".");
  }
}
