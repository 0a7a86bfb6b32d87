package dev.understudy.server.serve;

import dev.understudy.config.Http;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.proxy.tls.TlsException;
import dev.understudy.server.CommandException;
import dev.understudy.server.http.HttpApi;
import dev.understudy.server.http.HttpServer;
import dev.understudy.server.http.token.AdministratorToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The HTTP API of one daemon, where the settings want one. */
final class ServedHttp implements AutoCloseable {
  private final @Nullable HttpServer server;
  private volatile @Nullable HttpApi api;

  private ServedHttp(@Nullable HttpServer server) {
    this.server = server;
  }

  /** Listens, and answers so far that the daemon starts. */
  static ServedHttp open(Http settings) throws CommandException {
    return new ServedHttp(settings.enabled() ? HttpServer.open(settings) : null);
  }

  /** Answers from now on. Called once, when the data directory is there and is ours. */
  void serve(HttpApi.Backing backing) throws CommandException {
    if (server != null) {
      HttpApi made = new HttpApi(backing);
      api = made;
      made.serve(server, administrator(backing.settings().get().dataDirectory()));
    }
  }

  private static Secret administrator(Path dataDirectory) throws CommandException {
    try {
      return AdministratorToken.ensure(dataDirectory);
    } catch (IOException e) {
      throw new CommandException(
          "the token of the HTTP API can be neither read nor made: " + e.getMessage(),
          "look at %s, or write http.enabled = false"
              .formatted(AdministratorToken.file(dataDirectory)),
          e);
    }
  }

  /** As {@link HttpServer#prepareCertificate}. */
  Runnable prepareCertificate(Http settings) throws TlsException {
    return server == null ? () -> {} : server.prepareCertificate(settings.tls());
  }

  /** As {@link HttpApi#settingsChanged}. */
  void settingsChanged() {
    HttpApi serving = api;
    if (serving != null) {
      serving.settingsChanged();
    }
  }

  Optional<String> address() {
    return Optional.ofNullable(server).map(HttpServer::address);
  }

  /**
   * What to say of the page.
   *
   * @param terminal whether it is said at one, and kept nowhere
   */
  Optional<String> page(Settings settings, boolean terminal) throws CommandException {
    if (server == null) {
      return Optional.empty();
    }
    Path directory = settings.dataDirectory();
    PageLink link =
        new PageLink(settings.http(), server.port(), AdministratorToken.file(directory));
    return Optional.of(terminal ? link.signedIn(administrator(directory)) : link.plain());
  }

  /** For people, after other words. */
  String describe() {
    return address().map(address -> ", HTTP API at " + address).orElse("");
  }

  /** Idempotent. */
  @Override
  public void close() {
    HttpApi ending = api;
    // Who waits is told before what carries the answers ends.
    if (ending != null) {
      ending.close();
    }
    if (server != null) {
      server.close();
    }
  }
}
