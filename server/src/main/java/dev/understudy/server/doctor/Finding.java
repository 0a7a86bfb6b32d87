package dev.understudy.server.doctor;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param subject what
 * @param text how it is
 * @param advice what would make it better; null: nothing to do
 */
record Finding(Verdict verdict, String subject, String text, @Nullable String advice) {
  Finding {
    requireNonNull(verdict, "verdict is null");
    requireNonNull(subject, "subject is null");
    requireNonNull(text, "text is null");
  }

  /** What it means for Understudy. */
  enum Verdict {
    GOOD("ok"),
    /** Works, and could be better. */
    POOR("warn"),
    /** {@code serve} would not start. */
    BAD("BAD");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }
  }

  static Finding good(String subject, String text) {
    return new Finding(Verdict.GOOD, subject, text, null);
  }

  static Finding poor(String subject, String text, String advice) {
    return new Finding(Verdict.POOR, subject, text, advice);
  }

  static Finding bad(String subject, String text, String advice) {
    return new Finding(Verdict.BAD, subject, text, advice);
  }

  @Override
  public String toString() {
    String line = "%-4s  %-16s %s".formatted(verdict.word, subject, text);
    return advice == null ? line : line + "\n" + " ".repeat(23) + "-> " + advice;
  }
}
