package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS between clients and the proxy.
 *
 * @param certificate of the proxy, for who names no server that another one is for
 * @param others by the server names that they are for
 * @param domain in lower case; {@code NAME.domain} as a server name is that of an environment;
 *     null: none is
 * @param required whether sessions without TLS are refused
 * @param engine makes no difference that a client could see
 */
public record Tls(
    CertificateFiles certificate,
    List<CertificateFiles> others,
    @Nullable String domain,
    boolean required,
    TlsEngine engine) {
  public Tls {
    requireNonNull(certificate, "certificate is null");
    others = List.copyOf(others);
    requireNonNull(engine, "engine is null");
  }

  /** With the usual engine. */
  public Tls(
      CertificateFiles certificate,
      List<CertificateFiles> others,
      @Nullable String domain,
      boolean required) {
    this(certificate, others, domain, required, TlsEngine.AUTO);
  }

  /** With one certificate, and without a domain. */
  public Tls(Path certificate, Path privateKey, boolean required) {
    this(new CertificateFiles(certificate, privateKey), List.of(), null, required);
  }
}
