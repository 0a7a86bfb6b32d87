package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * TLS between clients and the proxy.
 *
 * @param certificate PEM: the proxy's own first, then those that lead to its root; absolute
 * @param privateKey of the first one; PEM, PKCS#8, not encrypted; absolute
 * @param required whether sessions without TLS are refused
 */
public record Tls(Path certificate, Path privateKey, boolean required) {
  public Tls {
    requireNonNull(certificate, "certificate is null");
    requireNonNull(privateKey, "privateKey is null");
  }
}
