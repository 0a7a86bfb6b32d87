package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.CertificateFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate and the files that it was read from. For one thread at a time.
 *
 * <p>The files are read again when they have changed and then stayed the same from one look to the
 * next, since a certificate and its key are seldom replaced in one step. Files that cannot be used
 * are warned about once, and change nothing.
 */
final class WatchedCertificate {
  private static final Logger log = LoggerFactory.getLogger(WatchedCertificate.class);

  private final CertificateReader reader;
  private final CertificateFiles files;
  private FileStamps read;
  private FileStamps last;
  private TlsCertificate certificate;

  /** Reads the files. Blocks. What is read, now and later, the caller releases. */
  WatchedCertificate(CertificateReader reader) throws TlsException {
    this.reader = requireNonNull(reader, "reader is null");
    this.files = reader.files();
    // In this order: what changes in between is read again.
    this.read = FileStamps.of(files);
    this.last = read;
    this.certificate = reader.read();
  }

  TlsCertificate certificate() {
    return certificate;
  }

  /**
   * Looks at the files. Blocks.
   *
   * @return whether there is another certificate now
   */
  boolean lookAgain() {
    FileStamps now = FileStamps.of(files);
    boolean isNew = !now.equals(read) && now.equals(last);
    last = now;
    if (!isNew) {
      return false;
    }
    read = now;
    return readAgain();
  }

  private boolean readAgain() {
    try {
      certificate = reader.read();
      log.info("New connections are shown the certificate that {} has now", files.certificate());
      return true;
    } catch (TlsException e) {
      log.warn(
          "The certificate in use stays: {} (hint: {})", String.valueOf(e.getMessage()), e.hint());
    } catch (RuntimeException e) {
      log.warn("The certificate in use stays", e);
    }
    return false;
  }
}
