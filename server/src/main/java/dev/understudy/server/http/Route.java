package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * A method on a path.
 *
 * @param path with {@code {name}} for what differs
 * @param query names of the parameters that it knows
 */
public record Route(String method, String path, Set<String> query, Endpoint endpoint) {
  /** Of all but those that need no token. */
  public static final String ROOT = "/api/v1";

  /** Where Prometheus looks. */
  static final String METRICS = "/metrics";

  /** Where forges send what they have to tell. */
  public static final String WEBHOOKS = "/webhooks";

  public Route {
    requireNonNull(method, "method is null");
    requireNonNull(path, "path is null");
    query = Set.copyOf(query);
    requireNonNull(endpoint, "endpoint is null");
  }

  public static Route get(String path, Endpoint endpoint, String... query) {
    return new Route("GET", path, Set.of(query), endpoint);
  }

  public static Route post(String path, Endpoint endpoint, String... query) {
    return new Route("POST", path, Set.of(query), endpoint);
  }

  public static Route put(String path, Endpoint endpoint) {
    return new Route("PUT", path, Set.of(), endpoint);
  }

  public static Route delete(String path, Endpoint endpoint) {
    return new Route("DELETE", path, Set.of(), endpoint);
  }

  /** Whether it is answered without a token. */
  boolean isOpen() {
    return !path.startsWith(ROOT) && !path.equals(METRICS);
  }

  /** Whether it is the one for a path of a request. */
  boolean covers(String requested) {
    return requested.matches(path.replaceAll("\\{[a-z]+}", "[^/]+"));
  }
}
