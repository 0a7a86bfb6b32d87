package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.source.SourceException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** No snapshot could be cut. Nothing of the attempt is left. */
public final class SnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  /** At what it failed. */
  public enum Kind {
    /** Production cannot be copied; the cause, a {@link SourceException}, has its own kind. */
    SOURCE,
    /** The copy did not become consistent. */
    RECOVERY,
    /** The recovered copy could not be made ready. */
    PREPARATION,
    /** The pool is full. */
    SPACE,
    /** The pool or the daemon's directory failed. */
    STORAGE
  }

  private final Kind kind;
  private final @Nullable String detail;
  private final @Nullable String hint;

  public SnapshotException(
      Kind kind,
      String message,
      @Nullable String detail,
      @Nullable String hint,
      @Nullable Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.kind = requireNonNull(kind, "kind is null");
    this.detail = detail;
    this.hint = hint;
  }

  static SnapshotException of(SourceException e) {
    Kind kind = e.kind() == SourceException.Kind.SPACE ? Kind.SPACE : Kind.SOURCE;
    return new SnapshotException(
        kind, requireNonNull(e.getMessage(), "message is null"), e.detail(), e.hint(), e);
  }

  public Kind kind() {
    return kind;
  }

  /** For how much there was no room, if that was seen before anything was written. */
  OptionalLong wantedRoom() {
    for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof PoolFullException full) {
        return full.wanted();
      }
    }
    return OptionalLong.empty();
  }

  /** What was seen: PostgreSQL's words, the tail of a log. Nothing secret. */
  public @Nullable String detail() {
    return detail;
  }

  public @Nullable String hint() {
    return hint;
  }
}
