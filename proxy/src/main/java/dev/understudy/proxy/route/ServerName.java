package dev.understudy.proxy.route;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A TLS server name below the domain whose names are those of environments.
 *
 * @param label what stands before the domain: a name, or what somebody took for one
 */
public record ServerName(String label, String domain) {
  /** No host name is longer. */
  private static final int MAXIMUM_LENGTH = 255;

  public ServerName {
    requireNonNull(label, "label is null");
    requireNonNull(domain, "domain is null");
  }

  /**
   * Reads what a client sent, both in lower case.
   *
   * @return null: it names no environment, nor tries to
   */
  static @Nullable ServerName below(@Nullable String domain, @Nullable String serverName) {
    if (domain == null
        || serverName == null
        || serverName.length() > MAXIMUM_LENGTH
        || !serverName.endsWith("." + domain)) {
      return null;
    }
    String label = serverName.substring(0, serverName.length() - domain.length() - 1);
    return new ServerName(label, domain);
  }

  /** The one that would name an environment; null: none can, as host names have no underscore. */
  public static @Nullable String of(EnvironmentName name, String domain) {
    return name.text().indexOf('_') < 0 ? name + "." + domain : null;
  }

  boolean canName(EnvironmentName name) {
    return of(name, domain) != null;
  }

  @Override
  public String toString() {
    return label + "." + domain;
  }
}
