package dev.understudy.server.certificate;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Tls;
import dev.understudy.embedded.DirectoryTree;
import dev.understudy.proxy.tls.TlsCertificates;
import dev.understudy.proxy.tls.TlsException;
import dev.understudy.server.CommandException;
import dev.understudy.server.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * A certificate for {@code localhost}, {@code 127.0.0.1} and {@code ::1} that nobody has signed: a
 * client that is given its file can verify that it talks to this daemon, and others talk to it
 * encrypted at least.
 *
 * <p>It lies beside the data directory, as clients must be able to read it: {@code NAME.crt} for
 * all, and {@code NAME.key}, 0600.
 */
public final class OwnCertificate {
  private static final int DAYS = 3650;

  /** So much that a daemon which is not started anew in that time has no other cares. */
  private static final Duration RENEWED_BEFORE_ITS_END = Duration.ofDays(365);

  private final CertificateFiles files;

  private OwnCertificate(CertificateFiles files) {
    this.files = files;
  }

  public static OwnCertificate beside(Path dataDirectory) {
    Path name = requireNonNull(dataDirectory.getFileName(), "it is no root");
    return new OwnCertificate(
        new CertificateFiles(
            dataDirectory.resolveSibling(name + ".crt"),
            dataDirectory.resolveSibling(name + ".key")));
  }

  /** Whether there are any or not. */
  public CertificateFiles files() {
    return files;
  }

  /** Makes it, unless there is one that lasts for a year at least. Blocks. */
  public CertificateFiles ensure() throws CommandException, IOException, InterruptedException {
    return ensure(DAYS);
  }

  CertificateFiles ensure(int days) throws CommandException, IOException, InterruptedException {
    if (!lasts()) {
      make(days);
    }
    return files;
  }

  private boolean lasts() throws IOException {
    try {
      TlsCertificates.requireUsable(new Tls(files.certificate(), files.privateKey(), false));
      try (InputStream in = Files.newInputStream(files.certificate())) {
        X509Certificate certificate =
            (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        return certificate
            .getNotAfter()
            .toInstant()
            .isAfter(Instant.now().plus(RENEWED_BEFORE_ITS_END));
      }
    } catch (TlsException | CertificateException e) {
      return false;
    }
  }

  private void make(int days) throws CommandException, IOException, InterruptedException {
    Path parent = requireNonNull(files.certificate().toAbsolutePath().getParent(), "it is a file");
    Files.createDirectories(parent);
    // 0700
    Path scratch = Files.createTempDirectory(parent, ".certificate-");
    try {
      Keytool.Made made = Keytool.make(scratch, days);
      WholeFile.write(
          files.privateKey(), pem("PRIVATE KEY", made.privateKey().getEncoded()), "rw-------");
      WholeFile.write(
          files.certificate(), pem("CERTIFICATE", made.certificate().getEncoded()), "rw-r--r--");
    } catch (CertificateException e) {
      throw Keytool.problem(String.valueOf(e.getMessage()), e);
    } finally {
      DirectoryTree.delete(scratch);
    }
  }

  private static String pem(String type, byte[] encoded) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded), type);
  }
}
