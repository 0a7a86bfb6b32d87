package dev.understudy.server.up;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.ConnectionUrl;
import dev.understudy.config.Secret;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The URL of a command line, which should hold no password: every user of the host can read it
 * there. Where it has none, it is looked for as libpq does, and then asked for.
 *
 * @param environment of this process
 * @param home of this user
 * @param prompt asks a person; empty where nobody is there, or nothing was typed
 * @param warnings for people
 */
public record GivenUrl(
    Map<String, String> environment,
    Path home,
    Function<String, Optional<Secret>> prompt,
    Consumer<String> warnings) {
  /** Where libpq looks without a host; it stands as localhost in a file of passwords. */
  private static final String SOCKETS = "/var/run/postgresql";

  public GivenUrl {
    environment = Map.copyOf(environment);
    requireNonNull(home, "home is null");
    requireNonNull(prompt, "prompt is null");
    requireNonNull(warnings, "warnings is null");
  }

  /** The URL with its password, if there is one anywhere. */
  public Secret complete(Secret given) throws IOException, InterruptedException {
    ConnectionUrl url;
    try {
      url = ConnectionUrl.parse(given);
    } catch (IllegalArgumentException e) {
      return given; // whoever connects says what is wrong with it
    }
    if (url.password() != null) {
      warnings.accept(
          "other users of this host can see the password in the command line; leave it out, and"
              + " put it into PGPASSWORD or ~/.pgpass, or type it when asked");
      return given;
    }
    Production production = Production.of(url);
    String fromEnvironment = environment.getOrDefault("PGPASSWORD", "");
    Optional<Secret> password =
        fromEnvironment.isEmpty() ? ofFile(production) : Optional.of(new Secret(fromEnvironment));
    if (password.isEmpty() && !production.isUnixSocket()) {
      password =
          prompt.apply(
              "Password of %s at %s (none if empty): "
                  .formatted(production.user(), production.describe()));
    }
    return password.map(found -> with(given, found)).orElse(given);
  }

  private Optional<Secret> ofFile(Production production) throws IOException {
    String named = environment.getOrDefault("PGPASSFILE", "");
    PassFile file = new PassFile(named.isEmpty() ? home.resolve(".pgpass") : Path.of(named));
    if (!file.exists()) {
      return Optional.empty();
    }
    if (!file.isPrivate()) {
      warnings.accept(
          "%1$s is not read, as others than its owner may: chmod 600 %1$s".formatted(file.path()));
      return Optional.empty();
    }
    String host = production.host().equals(SOCKETS) ? "localhost" : production.host();
    return file.password(host, production.port(), production.database(), production.user());
  }

  private static Secret with(Secret given, Secret password) {
    String url = given.value();
    if (!url.contains("://")) {
      String quoted = password.value().replace("\\", "\\\\").replace("'", "\\'");
      return new Secret(url + " password='" + quoted + "'");
    }
    String encoded =
        URLEncoder.encode(password.value(), StandardCharsets.UTF_8).replace("+", "%20");
    return new Secret(url + (url.contains("?") ? "&" : "?") + "password=" + encoded);
  }
}
