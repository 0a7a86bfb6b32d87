package dev.understudy.proxy.route;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The startup parameter {@code replication}. */
final class Replication {
  static final String PARAMETER = "replication";

  /** What PostgreSQL reads as true; any unique beginning of a word will do. */
  private static final Set<String> TRUE =
      Set.of("1", "on", "t", "tr", "tru", "true", "y", "ye", "yes");

  private Replication() {}

  /**
   * True if the session streams changes of the database that it names.
   *
   * @param value of the parameter; null: not given
   */
  static boolean isLogical(@Nullable String value) {
    return "database".equalsIgnoreCase(value);
  }

  /**
   * True if the session streams WAL and is connected to no database, whatever one it names.
   *
   * @param value of the parameter; null: not given
   */
  static boolean isPhysical(@Nullable String value) {
    return value != null && TRUE.contains(value.toLowerCase(Locale.ROOT));
  }
}
