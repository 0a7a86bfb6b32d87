package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Tls;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which certificate a client is shown: the newest that can be used.
 *
 * <p>The files are looked at every second, and read again when they have changed and then stayed
 * the same for a second, since a certificate and its key are seldom replaced in one step. Files
 * that cannot be used are warned about once, and change nothing. Sessions keep what they began
 * with. For all threads; closed by who has opened it.
 */
public final class TlsCertificates implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TlsCertificates.class);

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Tls files;
  private final Duration interval;
  private volatile @Nullable TlsCertificate current;
  private @Nullable Thread watch;

  public TlsCertificates(Tls files) {
    this(files, INTERVAL);
  }

  TlsCertificates(Tls files, Duration interval) {
    this.files = requireNonNull(files, "files is null");
    this.interval = requireNonNull(interval, "interval is null");
  }

  /** Reads the files; before the first client, and once. Blocks. */
  public void open() throws TlsException {
    // In this order: what changes in between is read again.
    FileStamps read = FileStamps.of(files);
    current = TlsCertificate.read(files);
    watch = Thread.ofVirtual().name("certificates").start(() -> watch(read));
  }

  /** For a handshake that begins now. */
  public TlsCertificate current() {
    return requireNonNull(current, "no certificate is loaded");
  }

  /** Whether clients that do not ask for TLS are refused. */
  public boolean required() {
    return files.required();
  }

  private void watch(FileStamps first) {
    FileStamps read = first;
    FileStamps last = first;
    try {
      while (true) {
        Thread.sleep(interval);
        FileStamps now = FileStamps.of(files);
        if (!now.equals(read) && now.equals(last)) {
          read = now;
          readAgain();
        }
        last = now;
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void readAgain() {
    try {
      current = TlsCertificate.read(files);
      log.info("New connections are shown the certificate that {} has now", files.certificate());
    } catch (TlsException e) {
      log.warn(
          "The certificate in use stays: {} (hint: {})", String.valueOf(e.getMessage()), e.hint());
    } catch (RuntimeException e) {
      log.warn("The certificate in use stays", e);
    }
  }

  /** No file is looked at any more. Idempotent. */
  @Override
  public void close() {
    if (watch != null) {
      watch.interrupt();
    }
  }
}
