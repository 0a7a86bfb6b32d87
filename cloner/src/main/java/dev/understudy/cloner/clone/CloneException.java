package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A clone could not be made or started. Nothing of a clone that was being made is left. */
public final class CloneException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What stood in the way. */
  public enum Reason {
    STORAGE_FULL,
    NO_BINARIES,
    COPY_FAILED,
    START_FAILED,
    HOOK_FAILED
  }

  private final Reason reason;
  private final @Nullable String detail;

  /**
   * @param message one line, for a client
   * @param detail more lines for a client, such as the tail of the server's log
   */
  public CloneException(
      Reason reason, String message, @Nullable String detail, @Nullable Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.reason = requireNonNull(reason, "reason is null");
    this.detail = detail;
  }

  public Reason reason() {
    return reason;
  }

  public Optional<String> detail() {
    return Optional.ofNullable(detail);
  }

  /** For the log: the message, and the detail where there is one. */
  public String words() {
    return detail == null ? String.valueOf(getMessage()) : getMessage() + "\n" + detail;
  }
}
