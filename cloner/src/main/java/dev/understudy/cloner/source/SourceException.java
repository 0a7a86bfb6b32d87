package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Production cannot be copied. Says what is wrong, what was seen, and what an administrator does.
 */
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What stands in the way. */
  public enum Kind {
    /** The directory is missing, unreadable, or no data directory. */
    DIRECTORY,
    /** No server runs on it. */
    NOT_RUNNING,
    /** Its server cannot be connected to. */
    CONNECTION,
    /** What answers is not the server of the directory. */
    OTHER_SERVER,
    /** A kind of server that cannot be mirrored yet. */
    UNSUPPORTED,
    /** No PostgreSQL of its version is installed here. */
    BINARIES,
    /** Its settings allow no base backup. */
    SETTINGS,
    PRIVILEGES,
    /** The pool has no room for it. */
    SPACE,
    /** The copy was begun and failed. */
    COPY
  }

  private final Kind kind;
  private final @Nullable String detail;
  private final @Nullable String hint;

  public SourceException(
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

  public SourceException(
      Kind kind, String message, @Nullable String detail, @Nullable String hint) {
    this(kind, message, detail, hint, null);
  }

  public Kind kind() {
    return kind;
  }

  public @Nullable String detail() {
    return detail;
  }

  public @Nullable String hint() {
    return hint;
  }
}
