package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.environment.OpenRequest;
import dev.understudy.proxy.route.EnvironmentRoute;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an authenticated client wants.
 *
 * @param role the login's role inside the clone
 * @param scope what authenticated the login holds for that alone; null: for all
 * @param minor of protocol 3, as negotiated with the client
 * @param authentication how long it took
 */
public record SessionRequest(
    EnvironmentRoute route,
    String role,
    @Nullable String scope,
    int minor,
    SocketAddress client,
    Duration authentication) {
  public SessionRequest {
    requireNonNull(route, "route is null");
    requireNonNull(role, "role is null");
    requireNonNull(client, "client is null");
    requireNonNull(authentication, "authentication is null");
  }

  String login() {
    return route.login();
  }

  String environment() {
    return route.environment();
  }

  String database() {
    return route.database();
  }

  OpenRequest openRequest() {
    return new OpenRequest(
        environment(), route.openedFor(), route.fresh(), login(), role, scope, client);
  }

  int cancelKeyLength() {
    return CancelRegistry.keyLength(minor);
  }

  StartupMessage startupMessage(Map<String, String> settings) {
    return route.startupMessage(minor, role, settings);
  }
}
