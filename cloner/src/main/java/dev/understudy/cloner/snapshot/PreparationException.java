package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A step that does not let a recovered copy become a snapshot, in words for who can change it. */
public final class PreparationException extends SQLException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String detail;
  private final @Nullable String hint;

  /**
   * @param message after "source prod: "; neither it nor the others hold anything secret
   */
  public PreparationException(
      String message, @Nullable String detail, @Nullable String hint, @Nullable Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.detail = detail;
    this.hint = hint;
  }

  @Nullable String detail() {
    return detail;
  }

  @Nullable String hint() {
    return hint;
  }
}
