package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.ErrorResponse;
import org.jspecify.annotations.Nullable;

/** Why a statement failed, in words that the client may read. The session goes on. */
public final class ConsoleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;
  private final @Nullable String detail;
  private final @Nullable String hint;

  public ConsoleException(
      String sqlState, String message, @Nullable String detail, @Nullable String hint) {
    super(requireNonNull(message, "message is null"));
    this.sqlState = requireNonNull(sqlState, "sqlState is null");
    this.detail = detail;
    this.hint = hint;
  }

  public String sqlState() {
    return sqlState;
  }

  public @Nullable String hint() {
    return hint;
  }

  ErrorResponse response() {
    return ErrorResponse.error(sqlState, String.valueOf(getMessage()), detail, hint);
  }
}
