package dev.understudy.proxy.startup;

import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.proxy.client.ClientDescription;
import dev.understudy.proxy.client.ClientDescription.Replication;
import dev.understudy.proxy.route.ConsoleRoute;
import dev.understudy.proxy.route.EnvironmentRoute;
import dev.understudy.proxy.transport.ClientAddress;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What others may know of a client that has authenticated. */
final class Descriptions {
  private Descriptions() {}

  static String applicationName(StartupMessage message) {
    String name = message.parameter("application_name");
    return name == null ? "" : name;
  }

  static ClientDescription of(
      EnvironmentRoute route, String role, String applicationName, Channel client) {
    Replication replication =
        route.isPhysicalReplication()
            ? Replication.PHYSICAL
            : route.isLogicalReplication() ? Replication.LOGICAL : Replication.NONE;
    return of(
        route.login(),
        role,
        route.database(),
        route.environment(),
        replication,
        applicationName,
        client);
  }

  static ClientDescription of(
      ConsoleRoute route, String role, String applicationName, Channel client) {
    return of(
        route.login(),
        role,
        ConsoleRoute.DATABASE,
        null,
        Replication.NONE,
        applicationName,
        client);
  }

  private static ClientDescription of(
      String login,
      String role,
      String database,
      @Nullable String environment,
      Replication replication,
      String applicationName,
      Channel client) {
    return new ClientDescription(
        login,
        role,
        database,
        environment,
        replication,
        applicationName,
        ClientAddress.of(client),
        client.localAddress(),
        tls(client));
  }

  private static String tls(Channel client) {
    SslHandler handler = client.pipeline().get(SslHandler.class);
    if (handler == null) {
      return "";
    }
    SSLSession session = handler.engine().getSession();
    return session.getProtocol() + "/" + session.getCipherSuite();
  }
}
