package dev.understudy.integration;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A certificate for {@code localhost} and the environment of psql, and the authority that issued
 * it, in files.
 *
 * @param root the authority's certificate, which clients trust
 * @param certificate the proxy's
 * @param privateKey of that
 */
record Authority(Path root, Path certificate, Path privateKey) {
  /** Below which hosts are named as environments. */
  static final String DOMAIN = "db.example.com";

  /** A new one. */
  static Authority in(Path directory) throws Exception {
    // RSA, as OpenSSL, the JDK and BoringSSL of whatever age take it.
    X509Bundle authority =
        new CertificateBuilder()
            .subject("CN=Authority of the walks")
            .setIsCertificateAuthority(true)
            .algorithm(Algorithm.rsa2048)
            .buildSelfSigned();
    X509Bundle issued =
        new CertificateBuilder()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .addSanDnsName("pr-psql-tls." + DOMAIN) // the builder makes none with a *
            .algorithm(Algorithm.rsa2048)
            .buildIssuedBy(authority);
    return new Authority(
        Files.writeString(directory.resolve("root.crt"), authority.getCertificatePEM()),
        Files.writeString(directory.resolve("server.crt"), issued.getCertificatePEM()),
        Files.writeString(directory.resolve("server.key"), issued.getPrivateKeyPEM()));
  }

  /** For {@code listen.tls}. */
  String settings() {
    return "certificate = \"%s\", private-key = \"%s\"".formatted(certificate, privateKey);
  }
}
