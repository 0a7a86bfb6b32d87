package dev.understudy.cloner.environment;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import org.jspecify.annotations.Nullable;

/** Puts an {@link EnvironmentUnavailable} together. */
final class Refusal {
  private final Kind kind;
  private final String message;
  private @Nullable String detail;
  private @Nullable String hint;
  private @Nullable Throwable cause;

  private Refusal(Kind kind, String message) {
    this.kind = kind;
    this.message = message;
  }

  static Refusal of(Kind kind, String message) {
    return new Refusal(kind, message);
  }

  Refusal detail(@Nullable String text) {
    detail = text;
    return this;
  }

  /**
   * Says what to do about it.
   *
   * @param text null: there is nothing to be done
   */
  Refusal hint(@Nullable String text) {
    hint = text;
    return this;
  }

  Refusal cause(Throwable throwable) {
    cause = throwable;
    return this;
  }

  EnvironmentUnavailable build() {
    return new EnvironmentUnavailable(kind, message, detail, hint, cause);
  }
}
