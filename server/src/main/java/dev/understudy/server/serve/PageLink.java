package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Http;
import dev.understudy.config.Secret;
import java.nio.file.Path;
import java.util.Set;

/**
 * The web page of a daemon, for a browser on the same host.
 *
 * @param http its settings
 * @param port that it listens on
 * @param tokenFile that holds the administrator's token
 */
record PageLink(Http http, int port, Path tokenFile) {
  private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "*", "");

  PageLink {
    requireNonNull(http, "http is null");
    requireNonNull(tokenFile, "tokenFile is null");
  }

  /** By a name of the settings where it speaks TLS: certificates are of names. */
  String address() {
    boolean isTls = http.tls() != null;
    String host = http.host();
    if (isTls && !http.names().isEmpty()) {
      host = http.names().getFirst();
    } else if (EVERY_ADDRESS.contains(host)) {
      host = "127.0.0.1";
    }
    return "%s://%s:%d/"
        .formatted(isTls ? "https" : "http", host.contains(":") ? "[" + host + "]" : host, port);
  }

  /** For a terminal and nothing else: whoever has the link is the administrator. */
  String signedIn(Secret token) {
    return "The web page, signed in as administrator by the link, which is for nobody else:\n\n    "
        + address()
        + "#token="
        + token.value();
  }

  /** For what may be kept, or read by others. */
  String plain() {
    return "The web page asks for the token in %s:\n\n    %s".formatted(tokenFile, address());
  }
}
