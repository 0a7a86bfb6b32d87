package dev.understudy.server.operate;

import org.jspecify.annotations.Nullable;

/** What people write to say what an environment is for. */
public final class Label {
  private static final int MOST_CHARACTERS = 1_000;

  private Label() {}

  /**
   * The text as it is kept; null: there is none, as where it is empty.
   *
   * @throws OperationException with 22023 if it is too long
   */
  public static @Nullable String checked(@Nullable String text) {
    if (text != null && text.length() > MOST_CHARACTERS) {
      throw OperationException.of(
          "22023",
          "the label is too long",
          "It has " + text.length() + " characters; " + MOST_CHARACTERS + " are allowed.",
          "Write a shorter one.");
    }
    return text == null || text.isEmpty() ? null : text;
  }
}
