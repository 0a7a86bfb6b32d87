package dev.understudy.proxy.environment;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Why there is no server for a session, in words that a client may read. The cause, if any, is for
 * the log only.
 */
public final class EnvironmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;
  private final @Nullable String detail;
  private final @Nullable String hint;

  public EnvironmentException(
      String sqlState,
      String message,
      @Nullable String detail,
      @Nullable String hint,
      @Nullable Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.sqlState = requireNonNull(sqlState, "sqlState is null");
    this.detail = detail;
    this.hint = hint;
  }

  public String sqlState() {
    return sqlState;
  }

  public @Nullable String detail() {
    return detail;
  }

  public @Nullable String hint() {
    return hint;
  }
}
