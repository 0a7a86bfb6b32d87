package dev.understudy.server.usage;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Whose usage it is, and of what.
 *
 * @param role that environments belong to; null: nobody's
 * @param pattern of the settings that covered them
 */
public record Party(@Nullable String role, String pattern) {
  /** Nobody comes first. */
  static final Comparator<Party> ORDER =
      Comparator.comparing(Party::roleOrNone).thenComparing(Party::pattern);

  public Party {
    requireNonNull(pattern, "pattern is null");
  }

  private String roleOrNone() {
    return role == null ? "" : role;
  }
}
