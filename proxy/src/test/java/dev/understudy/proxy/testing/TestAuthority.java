package dev.understudy.proxy.testing;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Tls;
import dev.understudy.config.TlsEngine;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** Issues certificates for this host's loopback address that its own clients trust. */
public final class TestAuthority {
  private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

  private final X509Bundle root;
  private final Path directory;

  /**
   * A new one.
   *
   * @param directory of its files
   */
  public TestAuthority(Path directory) {
    this(directory, Algorithm.ecp256);
  }

  public TestAuthority(Path directory, Algorithm algorithm) {
    this.directory = directory;
    try {
      this.root =
          new CertificateBuilder()
              .subject("CN=Test Authority")
              .setIsCertificateAuthority(true)
              .algorithm(algorithm)
              .buildSelfSigned();
      Files.writeString(rootFile(), root.getCertificatePEM());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Its own certificate, for clients that read files. */
  public Path rootFile() {
    return directory.resolve("root.crt");
  }

  /** Issues a certificate into the files of {@link #tls}. */
  public X509Certificate issue(Algorithm algorithm) {
    return write(new CertificateFiles(certificateFile(), privateKeyFile()), bundle(algorithm));
  }

  /** Issues a certificate for servers of these names into the files of {@link #files}. */
  public X509Certificate issue(String file, Algorithm algorithm, String... names) {
    CertificateBuilder builder =
        new CertificateBuilder().subject("CN=" + file).algorithm(algorithm);
    if (names.length > 0) {
      builder.addExtensionOctetString(SUBJECT_ALTERNATIVE_NAME, false, encoded(names));
    }
    return write(files(file), signed(builder));
  }

  /** Not by the builder, which takes no wildcards. */
  private static byte[] encoded(String... names) {
    try {
      return new GeneralNames(
              Stream.of(names)
                  .map(name -> new GeneralName(GeneralName.dNSName, name))
                  .toArray(GeneralName[]::new))
          .getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public X509Bundle bundle(Algorithm algorithm) {
    return signed(
        new CertificateBuilder()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .addSanIpAddress("127.0.0.1")
            .algorithm(algorithm));
  }

  private X509Bundle signed(CertificateBuilder builder) {
    try {
      return builder.buildIssuedBy(root);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static X509Certificate write(CertificateFiles files, X509Bundle issued) {
    write(files.certificate(), issued.getCertificatePEM());
    write(files.privateKey(), issued.getPrivateKeyPEM());
    return issued.getCertificate();
  }

  public CertificateFiles files(String file) {
    return new CertificateFiles(directory.resolve(file + ".crt"), directory.resolve(file + ".key"));
  }

  public Tls tls(boolean required) {
    return tls(required, TlsEngine.AUTO);
  }

  public Tls tls(boolean required, TlsEngine engine) {
    return new Tls(
        new CertificateFiles(certificateFile(), privateKeyFile()),
        List.of(),
        null,
        required,
        engine);
  }

  public Path certificateFile() {
    return directory.resolve("server.crt");
  }

  public Path privateKeyFile() {
    return directory.resolve("server.key");
  }

  /** At once, as who renews certificates does. */
  public static void write(Path file, String text) {
    try {
      Path temporary = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(temporary, text);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** For clients that trust this authority, and no other. */
  public SSLContext clients() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, root.toTrustManagerFactory().getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
