package dev.understudy.server.up;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Hocon;
import dev.understudy.config.Secret;
import java.nio.file.Path;
import java.util.List;

/**
 * The settings that stand behind one URL.
 *
 * @param url of production, as it was given
 * @param type of the source: standby or dump
 * @param database that the URL names
 * @param verifier of the one user's password
 * @param role that the user has in clones
 * @param certificate for clients that ask for TLS
 */
record UpSettings(
    Path dataDirectory,
    int port,
    int httpPort,
    Secret url,
    String type,
    String database,
    Secret verifier,
    String role,
    CertificateFiles certificate) {
  static final String USER = "staging";

  /** The environment that is never dropped. */
  static final String STAGING = "staging";

  static final String SOURCE = "prod";
  private static final int MOST_ENVIRONMENTS = 50;
  private static final int MOST_RUNNING = 10;
  private static final List<String> PATTERNS = List.of("pr-*", "ci-*", "dev-*");

  UpSettings {
    requireNonNull(dataDirectory, "dataDirectory is null");
    requireNonNull(url, "url is null");
    requireNonNull(type, "type is null");
    requireNonNull(database, "database is null");
    requireNonNull(verifier, "verifier is null");
    requireNonNull(role, "role is null");
    requireNonNull(certificate, "certificate is null");
  }

  /** A settings file; holds what is secret in the URL. */
  String text() {
    StringBuilder patterns = new StringBuilder();
    for (String pattern : PATTERNS) {
      patterns.append(
          "    %-8s { source = %s, database = %s }%n"
              .formatted(Hocon.quote(pattern), SOURCE, Hocon.quote(database)));
    }
    return """
    understudy {
      data-directory = %s
      listen {
        host = "127.0.0.1", port = %d
        tls { mode = allow, certificate = %s, private-key = %s }
      }
      http { host = "127.0.0.1", port = %d }
      users.%s {
        password = %s
        role = %s
      }
      sources.%s {
        type = %s
        url = %s
        snapshots { schedule = "0 4 * * *", keep = 3 }
        # mask { ... }    until this is written, clones hold production's data as it is
      }
      environments {
        staging  { source = %s, database = %s, drop-after = never, refresh = after-snapshot }
    %s  }
      limits { environments = %d, running = %d }
    }
    """
        .formatted(
            Hocon.quote(dataDirectory.toString()),
            port,
            Hocon.quote(certificate.certificate().toString()),
            Hocon.quote(certificate.privateKey().toString()),
            httpPort,
            USER,
            Hocon.quote(verifier.value()),
            Hocon.quote(role),
            SOURCE,
            type,
            Hocon.quote(url.value()),
            SOURCE,
            Hocon.quote(database),
            patterns,
            MOST_ENVIRONMENTS,
            MOST_RUNNING);
  }
}
