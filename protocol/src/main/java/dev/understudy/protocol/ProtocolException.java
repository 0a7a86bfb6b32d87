package dev.understudy.protocol;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The peer does not keep to the protocol. The only exception that decoders and authentication let
 * out for bad input. Message and detail hold nothing secret: a client may read them.
 *
 * <p>Carries no stack trace: whoever sends garbage decides how many of these are made.
 */
public final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;
  private final @Nullable String detail;

  public ProtocolException(String sqlState, String message, @Nullable String detail) {
    super(requireNonNull(message, "message is null"), null, false, false);
    this.sqlState = requireNonNull(sqlState, "sqlState is null");
    this.detail = detail;
  }

  /** A violation of the protocol itself, SQLSTATE 08P01. */
  public ProtocolException(String message) {
    this(SqlState.PROTOCOL_VIOLATION, message, null);
  }

  public String sqlState() {
    return sqlState;
  }

  public @Nullable String detail() {
    return detail;
  }

  /** Never null, unlike that of any throwable. */
  public String message() {
    return requireNonNull(getMessage());
  }
}
