package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the HTTP API listens, and whom it answers.
 *
 * @param port 0 for any free one
 * @param tls null: HTTP without TLS
 * @param names of this host that clients may use in URLs, beside its addresses and {@code host}; in
 *     lower case
 * @param tokens by name, beside the administrator's in the data directory
 * @param webhooks by name, which is the last part of their URLs
 */
public record Http(
    boolean enabled,
    String host,
    int port,
    @Nullable CertificateFiles tls,
    List<String> names,
    Map<String, HttpToken> tokens,
    Map<String, HttpWebhook> webhooks) {
  public static final int PORT = 6480;

  /** On loopback, for the administrator's token alone. */
  public static final Http DEFAULT =
      new Http(true, "127.0.0.1", PORT, null, List.of(), Map.of(), Map.of());

  public static final Http OFF =
      new Http(false, "127.0.0.1", PORT, null, List.of(), Map.of(), Map.of());

  public Http {
    requireNonNull(host, "host is null");
    names = List.copyOf(names);
    tokens = Map.copyOf(tokens);
    webhooks = Map.copyOf(webhooks);
  }

  /** Where and how another one listens, with these names, tokens and webhooks. */
  Http at(Http other) {
    return new Http(other.enabled, other.host, other.port, other.tls, names, tokens, webhooks);
  }
}
