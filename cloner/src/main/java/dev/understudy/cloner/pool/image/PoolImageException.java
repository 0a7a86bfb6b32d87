package dev.understudy.cloner.pool.image;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file system for a pool cannot be made, mounted or removed. Everything is as it was before. */
public final class PoolImageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String hint;

  public PoolImageException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.hint = hint;
  }

  PoolImageException(String message, @Nullable String hint) {
    this(message, hint, null);
  }

  /** What to do about it. */
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }
}
