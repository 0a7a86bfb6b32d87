package dev.understudy.proxy.route;

import static java.util.Objects.requireNonNull;

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
}
