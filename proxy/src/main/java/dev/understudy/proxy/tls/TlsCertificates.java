package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Tls;
import org.jspecify.annotations.Nullable;

/** Knows which certificate a client is shown. For all threads. */
public final class TlsCertificates {
  private final Tls files;
  private volatile @Nullable TlsCertificate current;

  public TlsCertificates(Tls files) {
    this.files = requireNonNull(files, "files is null");
  }

  /** Reads the files; before the first client. Blocks. */
  public void load() throws TlsException {
    current = TlsCertificate.read(files);
  }

  /** For a handshake that begins now. */
  public TlsCertificate current() {
    return requireNonNull(current, "no certificate is loaded");
  }

  /** Whether clients that do not ask for TLS are refused. */
  public boolean required() {
    return files.required();
  }
}
