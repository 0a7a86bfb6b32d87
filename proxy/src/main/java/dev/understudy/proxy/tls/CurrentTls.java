package dev.understudy.proxy.tls;

import dev.understudy.config.Tls;
import org.jspecify.annotations.Nullable;

/** The certificates of the settings of now, where they have any. For all threads. */
public final class CurrentTls implements AutoCloseable {
  private volatile @Nullable Opened opened;

  private record Opened(Tls settings, TlsCertificates certificates) {}

  /** Null: TLS is declined. */
  public @Nullable TlsCertificates certificates() {
    Opened now = opened;
    return now == null ? null : now.certificates();
  }

  /**
   * Uses what other settings say for handshakes that begin from now on; sessions keep what they
   * began with. Blocks.
   *
   * @param settings null: no TLS
   * @throws TlsException if a file cannot be used, and nothing has changed
   */
  public synchronized void use(@Nullable Tls settings) throws TlsException {
    Opened before = opened;
    if (before != null && before.settings().equals(settings)) {
      return; // it looks after its files by itself
    }
    if (settings == null) {
      opened = null;
    } else {
      TlsCertificates certificates = new TlsCertificates(settings);
      certificates.open();
      opened = new Opened(settings, certificates);
    }
    if (before != null) {
      before.certificates().close();
    }
  }

  /** No file is looked at any more, and no handshake begins any more. Idempotent. */
  @Override
  public synchronized void close() {
    if (opened != null) {
      opened.certificates().close();
      opened = null;
    }
  }
}
