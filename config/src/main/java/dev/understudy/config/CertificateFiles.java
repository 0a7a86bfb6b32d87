package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A certificate and its key.
 *
 * @param certificate PEM: the proxy's own first, then those that lead to its root; absolute
 * @param privateKey of the first one; PEM, PKCS#8, not encrypted; absolute
 */
public record CertificateFiles(Path certificate, Path privateKey) {
  public CertificateFiles {
    requireNonNull(certificate, "certificate is null");
    requireNonNull(privateKey, "privateKey is null");
  }
}
