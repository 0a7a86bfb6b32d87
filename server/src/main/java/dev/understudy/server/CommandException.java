package dev.understudy.server;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A command cannot do its work, for a reason that its user can read and act upon. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String hint;

  /**
   * @param message what is wrong, one line
   * @param hint what to do about it
   */
  public CommandException(String message, @Nullable String hint, @Nullable Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.hint = hint;
  }

  public @Nullable String hint() {
    return hint;
  }
}
