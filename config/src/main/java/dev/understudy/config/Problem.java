package dev.understudy.config;

import static java.util.Objects.requireNonNull;

/**
 * Something in a settings file that is wrong, or that its author should know.
 *
 * @param file as it was named, or that of an {@code include}
 * @param line 0 where there is none
 * @param key the full key, empty where the file as a whole is meant
 * @param message what is wrong and what would be right; never a secret
 */
public record Problem(String file, int line, String key, String message) {
  public Problem {
    requireNonNull(file, "file is null");
    requireNonNull(key, "key is null");
    requireNonNull(message, "message is null");
  }

  /** {@code FILE:LINE: KEY: MESSAGE}, as compilers write it. */
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
