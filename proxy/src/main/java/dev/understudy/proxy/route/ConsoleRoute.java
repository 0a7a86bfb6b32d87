package dev.understudy.proxy.route;

import static java.util.Objects.requireNonNull;

/** To the virtual database {@code understudy}, which the settings' users alone may enter. */
public record ConsoleRoute(String login) implements Route {
  /** Its name. */
  public static final String DATABASE = "understudy";

  private static final String NONE = "";
  private static final int NEWEST_MINOR = 2;

  public ConsoleRoute {
    requireNonNull(login, "login is null");
  }

  @Override
  public String source() {
    return NONE;
  }

  @Override
  public String environment() {
    return NONE;
  }

  @Override
  public int protocolMinor() {
    return NEWEST_MINOR;
  }
}
