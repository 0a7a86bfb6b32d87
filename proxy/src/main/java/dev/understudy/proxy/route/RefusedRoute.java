package dev.understudy.proxy.route;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.ErrorResponse;

/**
 * To nowhere.
 *
 * @param refusal may name environments, patterns and databases, so it is told only to a client that
 *     has authenticated
 */
public record RefusedRoute(String login, String source, int protocolMinor, ErrorResponse refusal)
    implements Route {
  public RefusedRoute {
    requireNonNull(login, "login is null");
    requireNonNull(source, "source is null");
    requireNonNull(refusal, "refusal is null");
  }

  /** Who is let in by an environment alone has nothing to hear of others. */
  @Override
  public String environment() {
    return "";
  }
}
