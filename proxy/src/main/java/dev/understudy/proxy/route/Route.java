package dev.understudy.proxy.route;

/**
 * Where a connection is to go. Every route, a refused one too, says who is to be authenticated
 * first: only after that does anybody learn which names exist.
 */
public sealed interface Route permits EnvironmentRoute, ConsoleRoute, RefusedRoute {
  /** The name to authenticate: the user name without what routes. */
  String login();

  /** The source whose roles are known to log in here; empty: only the settings' users are. */
  String source();

  /** The environment whose own roles are known to log in here, too; empty: none's. */
  String environment();

  /** The highest minor of protocol 3 that can be offered to the client. */
  int protocolMinor();
}
