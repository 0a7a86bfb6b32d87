package dev.understudy.integration;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A certificate for {@code localhost} and the environments of the walks, and the authority that
 * issued it, in files.
 *
 * @param root the authority's certificate, which clients trust
 * @param certificate the proxy's
 * @param privateKey of that
 * @param hosts where the names in it lead, as {@code /etc/hosts} has it
 */
record Authority(Path root, Path certificate, Path privateKey, Path hosts) {
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
    CertificateBuilder builder =
        new CertificateBuilder()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .algorithm(Algorithm.rsa2048);
    // It makes none with a *.
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost");
    for (DriverWalk walk : DriverWalk.values()) {
      String host = "pr-" + walk.environment() + "-tls." + DOMAIN;
      builder.addSanDnsName(host);
      hosts.append(' ').append(host);
    }
    X509Bundle issued = builder.buildIssuedBy(authority);
    return new Authority(
        Files.writeString(directory.resolve("root.crt"), authority.getCertificatePEM()),
        Files.writeString(directory.resolve("server.crt"), issued.getCertificatePEM()),
        Files.writeString(directory.resolve("server.key"), issued.getPrivateKeyPEM()),
        Files.writeString(directory.resolve("hosts"), hosts.append('\n')));
  }

  /** For {@code listen.tls}. */
  String settings() {
    return "certificate = \"%s\", private-key = \"%s\"".formatted(certificate, privateKey);
  }
}
