package dev.understudy.proxy.testing;

import dev.understudy.config.Tls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;

/** Issues certificates for this host's loopback address that its own clients trust. */
public final class TestAuthority {
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
    X509Bundle issued = bundle(algorithm);
    write(certificateFile(), issued.getCertificatePEM());
    write(privateKeyFile(), issued.getPrivateKeyPEM());
    return issued.getCertificate();
  }

  public X509Bundle bundle(Algorithm algorithm) {
    try {
      return new CertificateBuilder()
          .subject("CN=localhost")
          .addSanDnsName("localhost")
          .addSanIpAddress("127.0.0.1")
          .algorithm(algorithm)
          .buildIssuedBy(root);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public Tls tls(boolean required) {
    return new Tls(certificateFile(), privateKeyFile(), required);
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
