package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Tls;
import dev.understudy.config.TlsEngine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
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
 * keep what they began with. For all threads; closed by who has opened it. What was read is given
 * back when another one takes its place, or after the close, as soon as no handshake that is about
 * to begin {@link #hold holds} it.
 */
public final class TlsCertificates implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TlsCertificates.class);

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Tls settings;
  private final Duration interval;
  private @Nullable Thread watch;

  // Guarded by this.
  private List<TlsCertificate> shown = List.of();
  private @Nullable CertificateChoice choice;
  private int holders;
  private boolean closed;

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
    for (CertificateReader reader : CertificateReader.of(settings, Engine.of(settings.engine()))) {
      reader.read().release();
    }
  }

  /** Reads the files; before the first client, and once. Blocks. */
  public void open() throws TlsException {
    Engine engine = Engine.of(settings.engine());
    List<WatchedCertificate> all = read(engine);
    show(all);
    if (settings.engine() == TlsEngine.AUTO && engine == Engine.JDK) {
      log.info("TLS by {}, as BoringSSL cannot be used here: {}", engine, Engine.obstacle());
    } else {
      log.info("TLS by {}", engine);
    }
    warnOfDomain(all);
    watch = Thread.ofVirtual().name("certificates").start(() -> watch(all));
  }

  private List<WatchedCertificate> read(Engine engine) throws TlsException {
    List<WatchedCertificate> all = new ArrayList<>();
    boolean complete = false;
    try {
      for (CertificateReader reader : CertificateReader.of(settings, engine)) {
        all.add(new WatchedCertificate(reader));
      }
      complete = true;
      return all;
    } finally {
      if (!complete) {
        all.forEach(each -> each.certificate().release());
      }
    }
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

  private synchronized void show(List<WatchedCertificate> all) {
    List<TlsCertificate> former = shown;
    shown = all.stream().map(WatchedCertificate::certificate).toList();
    choice = new CertificateChoice(shown);
    if (isGivenBack()) { // closed while files were read
      shown.stream().filter(each -> !former.contains(each)).forEach(TlsCertificate::release);
    } else {
      former.stream().filter(each -> !shown.contains(each)).forEach(TlsCertificate::release);
    }
  }

  private boolean isGivenBack() {
    return closed && holders == 0;
  }

  /**
   * A handshake is about to begin, with whatever it asks for: until {@link #letGo}, even if this is
   * closed meanwhile.
   *
   * @return false if all was given back already: the settings are other ones by now
   */
  public synchronized boolean hold() {
    if (isGivenBack()) {
      return false;
    }
    holders++;
    return true;
  }

  synchronized void letGo() {
    holders--;
    giveBackIfOver();
  }

  private void giveBackIfOver() {
    if (isGivenBack()) {
      shown.forEach(TlsCertificate::release);
    }
  }

  /** For a handshake that begins now, of who {@link #hold holds} this. */
  synchronized Offer offer(@Nullable String serverName, ByteBufAllocator allocator) {
    TlsCertificate certificate = of(serverName);
    return new Offer(
        certificate.context().newHandler(allocator),
        new Encryption(certificate.binding(), serverName));
  }

  /**
   * The server's side of a handshake.
   *
   * @param encryption what will be known of the connection if it succeeds
   */
  record Offer(SslHandler tls, Encryption encryption) {}

  /**
   * The certificate that is shown now.
   *
   * @param serverName in lower case; null: the client names none
   */
  synchronized TlsCertificate of(@Nullable String serverName) {
    return requireNonNull(choice, "no certificate is loaded").of(serverName);
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
          show(all);
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
    synchronized (this) {
      if (!closed) {
        closed = true;
        giveBackIfOver();
      }
    }
  }
}
