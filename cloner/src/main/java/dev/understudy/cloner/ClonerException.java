package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why the cloner cannot work on a data directory, in words for an administrator. */
public final class ClonerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String hint;

  public ClonerException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.hint = hint;
  }

  /** What to do about it. */
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }
}
