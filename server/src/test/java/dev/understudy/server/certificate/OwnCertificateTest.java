package dev.understudy.server.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Tls;
import dev.understudy.proxy.tls.TlsCertificates;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnCertificateTest {
  @TempDir Path directory;

  @Test
  void isForThisHostAndTheKeyForNobodyElse() throws Exception {
    Path data = directory.resolve("deep").resolve("data");

    CertificateFiles files = OwnCertificate.beside(data).ensure();

    assertThat(files)
        .isEqualTo(
            new CertificateFiles(
                directory.resolve("deep/data.crt"), directory.resolve("deep/data.key")));
    TlsCertificates.requireUsable(tls(files));
    X509Certificate certificate = read(files);
    assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("EC");
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(2, "localhost"), List.of(7, "127.0.0.1"), List.of(7, "0:0:0:0:0:0:0:1"));
    assertThat(permissions(files.privateKey())).isEqualTo("rw-------");
    assertThat(permissions(files.certificate())).isEqualTo("rw-r--r--");
    try (var left = Files.list(directory.resolve("deep"))) {
      assertThat(left).containsExactlyInAnyOrder(files.certificate(), files.privateKey());
    }
  }

  @Test
  void isKeptUntilItEndsWithinAYearOrIsBroken() throws Exception {
    OwnCertificate own = OwnCertificate.beside(directory.resolve("data"));
    X509Certificate brief = read(own.ensure(364));
    X509Certificate lasting = read(own.ensure());
    assertThat(lasting).isNotEqualTo(brief);
    assertThat(read(own.ensure())).isEqualTo(lasting);

    Files.writeString(own.files().privateKey(), "");
    assertThat(read(own.ensure())).isNotEqualTo(lasting);
    TlsCertificates.requireUsable(tls(own.files()));
  }

  private static Tls tls(CertificateFiles files) {
    return new Tls(files.certificate(), files.privateKey(), false);
  }

  private static X509Certificate read(CertificateFiles files) throws Exception {
    try (InputStream in = Files.newInputStream(files.certificate())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
