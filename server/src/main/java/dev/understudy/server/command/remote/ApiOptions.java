package dev.understudy.server.command.remote;

import dev.understudy.config.Http;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.config.SettingsException;
import dev.understudy.config.SettingsFile;
import dev.understudy.server.CommandException;
import dev.understudy.server.client.ApiAddress;
import dev.understudy.server.http.token.AdministratorToken;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which daemon is asked, and who asks. Options come first, then variables, then the settings. */
final class ApiOptions {
  private static final String API = "UNDERSTUDY_API";
  private static final String TOKEN = "UNDERSTUDY_TOKEN";
  private static final String AUTHORITY = "UNDERSTUDY_AUTHORITY";
  private static final Path USUAL_DIRECTORY = Path.of("/var/lib/understudy");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");
  private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "*", "");

  private final Map<String, String> variables;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "the daemon's settings, on its own host: they say where it is, and the token")
  private @Nullable Path settingsFile;

  @Option(
      names = "--api",
      paramLabel = "URL",
      description = "of the HTTP API (default: UNDERSTUDY_API, or http://127.0.0.1:6480)")
  private @Nullable String api;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "that holds the token (default: UNDERSTUDY_TOKEN has the token itself, or http-token in"
              + " the data directory)")
  private @Nullable Path tokenFile;

  @Option(
      names = "--authority",
      paramLabel = "FILE",
      description =
          "certificates in PEM that the daemon's is verified by (default: UNDERSTUDY_AUTHORITY, or"
              + " those of Java)")
  private @Nullable Path authority;

  ApiOptions() {
    this(System.getenv());
  }

  ApiOptions(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  ApiAddress address() throws SettingsException, CommandException {
    Settings settings = settingsFile == null ? null : SettingsFile.read(settingsFile).settings();
    URI uri = uri(settings);
    return new ApiAddress(uri, token(settings, uri), authority());
  }

  private URI uri(@Nullable Settings settings) throws CommandException {
    String text = api == null ? variables.get(API) : api;
    if (text == null) {
      return settings == null ? local("http", "127.0.0.1", Http.PORT) : of(settings.http());
    }
    try {
      URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp && uri.getHost() != null && uri.getRawPath().isEmpty() && uri.getQuery() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new CommandException(
        "\"" + text + "\" is no URL of an HTTP API", "Write for example http://db:6480.", null);
  }

  private static URI of(Http http) throws CommandException {
    if (!http.enabled()) {
      throw new CommandException(
          "the settings switch the HTTP API off", "Write http.enabled = true.", null);
    }
    if (http.port() == 0) {
      throw new CommandException(
          "http.port is 0: the daemon takes any free port",
          "Give --api; the daemon logs the port at its start.",
          null);
    }
    String host = EVERY_ADDRESS.contains(http.host()) ? "127.0.0.1" : http.host();
    return local(http.tls() == null ? "http" : "https", host, http.port());
  }

  private static URI local(String scheme, String host, int port) {
    return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  private Secret token(@Nullable Settings settings, URI uri) throws CommandException {
    if (tokenFile != null) {
      return read(tokenFile, "Give the file with the token.");
    }
    String variable = variables.get(TOKEN);
    if (variable != null) {
      return checked(variable, TOKEN);
    }
    if (settings == null && !LOOPBACK.contains(uri.getHost())) {
      throw new CommandException(
          "there is no token for " + uri,
          "--token-file or UNDERSTUDY_TOKEN gives one; that of this host's daemon is not sent"
              + " elsewhere.",
          null);
    }
    Path directory = settings == null ? usualDirectory() : settings.dataDirectory();
    return read(
        AdministratorToken.file(directory),
        "-c FILE says where the data directory is; elsewhere --token-file or UNDERSTUDY_TOKEN gives"
            + " a token.");
  }

  /** Where {@code up} puts it for an ordinary user, or else for root. */
  private static Path usualDirectory() {
    Path own = Path.of(System.getProperty("user.home"), ".local/share/understudy");
    return Files.exists(AdministratorToken.file(own)) ? own : USUAL_DIRECTORY;
  }

  private static Secret read(Path file, String hint) throws CommandException {
    try {
      return checked(Files.readString(file).strip(), file.toString());
    } catch (NoSuchFileException e) {
      throw new CommandException("there is no token in " + file, hint, e);
    } catch (AccessDeniedException e) {
      throw new CommandException("the token in " + file + " is not for this user", hint, e);
    } catch (IOException e) {
      throw new CommandException("the token in " + file + " cannot be read: " + e, hint, e);
    }
  }

  /** Nothing else may stand in a header. */
  private static Secret checked(String token, String where) throws CommandException {
    if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new CommandException(where + " holds no token", null, null);
    }
    return new Secret(token);
  }

  private @Nullable Path authority() {
    String variable = variables.get(AUTHORITY);
    return authority == null && variable != null ? Path.of(variable) : authority;
  }
}
