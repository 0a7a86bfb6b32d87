package dev.understudy.server.webhook;

import static java.util.Objects.requireNonNull;

/** Why a delivery is not believed or not understood. */
public final class WebhookException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is. */
  public enum Kind {
    /** It is not signed with the secret. */
    FORGED,
    /** It is signed, and not what such a forge sends. */
    MALFORMED
  }

  private final Kind kind;

  WebhookException(Kind kind, String message) {
    super(requireNonNull(message, "message is null"));
    this.kind = requireNonNull(kind, "kind is null");
  }

  public Kind kind() {
    return kind;
  }
}
