package dev.understudy.server.url;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a client is told, whatever its syntax for it. There is no password: clients ask for it, or
 * take it from a file or a variable.
 *
 * @param options startup parameter of that name; null: none
 */
record ConnectionParameters(
    String host,
    int port,
    String user,
    String database,
    @Nullable String options,
    Encryption encryption) {
  ConnectionParameters {
    requireNonNull(host, "host is null");
    requireNonNull(user, "user is null");
    requireNonNull(database, "database is null");
    requireNonNull(encryption, "encryption is null");
  }

  /** As URLs have it. */
  String authority() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
