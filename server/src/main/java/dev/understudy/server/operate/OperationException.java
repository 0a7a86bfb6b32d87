package dev.understudy.server.operate;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.cloner.snapshot.SnapshotException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Why an operation was not done, in the same words whichever way it was asked for. */
public final class OperationException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String STORAGE_FULL = "53100";
  private static final String SYSTEM_ERROR = "58000";

  private final String sqlState;
  private final @Nullable String detail;
  private final @Nullable String hint;

  OperationException(
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

  public static OperationException of(
      String sqlState, String message, @Nullable String detail, @Nullable String hint) {
    return new OperationException(sqlState, message, detail, hint, null);
  }

  /** Of what a future of the cloner, or of an operation, failed with. */
  public static OperationException of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return switch (cause) {
      case OperationException e -> e;
      case EnvironmentUnavailable e ->
          new OperationException(
              e.sqlState(),
              String.valueOf(e.getMessage()),
              e.detail().orElse(null),
              e.hint().orElse(null),
              e);
      case SnapshotException e ->
          new OperationException(
              e.kind() == SnapshotException.Kind.SPACE ? STORAGE_FULL : SYSTEM_ERROR,
              String.valueOf(e.getMessage()),
              e.detail(),
              e.hint(),
              e);
      default ->
          new OperationException(
              SYSTEM_ERROR,
              "the operation failed",
              null,
              "The log of Understudy has the reason.",
              cause);
    };
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
