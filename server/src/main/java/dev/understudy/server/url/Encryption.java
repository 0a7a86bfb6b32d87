package dev.understudy.server.url;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a client is to use TLS.
 *
 * @param rootCertificate of the authority that the client trusts; null where it verifies nothing
 */
record Encryption(Mode mode, @Nullable Path rootCertificate) {
  /** Clients' own default, which is to do without where the server has none. */
  static final Encryption NONE = new Encryption(Mode.NONE, null);

  /** Whoever listens gets the connection, but nobody who only reads. */
  static final Encryption REQUIRED = new Encryption(Mode.REQUIRED, null);

  enum Mode {
    NONE,
    REQUIRED,
    VERIFIED
  }

  Encryption {
    requireNonNull(mode, "mode is null");
  }

  static Encryption verified(Path rootCertificate) {
    return new Encryption(Mode.VERIFIED, rootCertificate.toAbsolutePath().normalize());
  }

  /** What libpq and most of those who write the word as it does call it; null: not to be said. */
  @Nullable String sslmode() {
    return switch (mode) {
      case NONE -> null;
      case REQUIRED -> "require";
      case VERIFIED -> "verify-full";
    };
  }
}
