package dev.understudy.config;

import static java.util.Objects.requireNonNull;

/**
 * What becomes of the values of one column. NULL stays NULL with all of them, and but for {@link
 * Null} and {@link Constant} equal values become equal values, wherever they stand.
 */
public sealed interface MaskRule {
  /** Looked at, and found not to be personal: as it is. */
  record Keep() implements MaskRule {}

  /** No value at all. */
  record Null() implements MaskRule {}

  /**
   * One value for all.
   *
   * @param text as PostgreSQL reads a value of the column's type
   */
  record Constant(String text) implements MaskRule {
    public Constant {
      requireNonNull(text, "text is null");
    }
  }

  /** Something of the same type that tells nothing. */
  record Hash() implements MaskRule {}

  /** A mail address that reaches nobody. */
  record Email() implements MaskRule {}

  /** Words that could be somebody's name. */
  record Name() implements MaskRule {}

  /** Other digits. */
  record Phone() implements MaskRule {}

  /**
   * Other letters and digits, but for those at both ends.
   *
   * @param first how many characters stay at the beginning
   * @param last and at the end; of a text that is not longer than both, none stays
   */
  record Partial(int first, int last) implements MaskRule {
    public Partial {
      if (first < 0 || last < 0) {
        throw new IllegalArgumentException("first is %d, last is %d".formatted(first, last));
      }
    }
  }
}
