package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/** A certificate or private key of the settings cannot be used. The message names the setting. */
public final class TlsException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  TlsException(String message, String hint) {
    super(requireNonNull(message, "message is null"));
    this.hint = requireNonNull(hint, "hint is null");
  }

  /** What to do about it. */
  public String hint() {
    return hint;
  }
}
