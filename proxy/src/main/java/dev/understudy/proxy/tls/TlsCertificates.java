package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Tls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which certificate a client is shown: of those for the server that it names, the newest that
 * can be used.
 *
 * <p>The files are looked at every second, and those that have changed are read again. Sessions
 * keep what they began with. For all threads; closed by who has opened it.
 */
public final class TlsCertificates implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TlsCertificates.class);

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Tls settings;
  private final Duration interval;
  private volatile @Nullable CertificateChoice current;
  private @Nullable Thread watch;

  public TlsCertificates(Tls settings) {
    this(settings, INTERVAL);
  }

  TlsCertificates(Tls settings, Duration interval) {
    this.settings = requireNonNull(settings, "settings is null");
    this.interval = requireNonNull(interval, "interval is null");
  }

  /**
   * Reads all files, for nothing but to see whether they can be used. Blocks.
   *
   * @throws TlsException if some cannot
   */
  public static void requireUsable(Tls settings) throws TlsException {
    for (CertificateReader reader : CertificateReader.of(settings)) {
      reader.read();
    }
  }

  /** Reads the files; before the first client, and once. Blocks. */
  public void open() throws TlsException {
    List<WatchedCertificate> all = new ArrayList<>();
    for (CertificateReader reader : CertificateReader.of(settings)) {
      all.add(new WatchedCertificate(reader));
    }
    choose(all);
    warnOfDomain(all);
    watch = Thread.ofVirtual().name("certificates").start(() -> watch(all));
  }

  private void warnOfDomain(List<WatchedCertificate> all) {
    String wildcard = "*." + settings.domain();
    if (settings.domain() != null
        && all.stream().noneMatch(each -> each.certificate().names().contains(wildcard))) {
      log.warn(
          "No certificate is for {}: who names an environment by its host and verifies the"
              + " certificate (sslmode=verify-full) will not connect",
          wildcard);
    }
  }

  private void choose(List<WatchedCertificate> all) {
    current = new CertificateChoice(all.stream().map(WatchedCertificate::certificate).toList());
  }

  /**
   * For a handshake that begins now.
   *
   * @param serverName in lower case; null: the client names none
   */
  TlsCertificate of(@Nullable String serverName) {
    return requireNonNull(current, "no certificate is loaded").of(serverName);
  }

  /** Whether clients that do not ask for TLS are refused. */
  public boolean required() {
    return settings.required();
  }

  private void watch(List<WatchedCertificate> all) {
    try {
      while (true) {
        Thread.sleep(interval);
        // Each of them, whether another one has changed or not.
        if (all.stream().filter(WatchedCertificate::lookAgain).count() > 0) {
          choose(all);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
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
