package dev.understudy.server.client;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the HTTP API is, and what lets one in.
 *
 * @param uri of the daemon, without a path
 * @param authority certificates in PEM that the daemon's is verified by; null: those of Java
 */
public record ApiAddress(URI uri, Secret token, @Nullable Path authority) {
  public ApiAddress {
    requireNonNull(uri, "uri is null");
    requireNonNull(token, "token is null");
  }
}
