package dev.understudy.proxy.route;

import dev.understudy.protocol.startup.StartupMessage;
import java.util.Locale;
import java.util.Set;

/** The startup parameter {@code replication}. */
final class Replication {
  /** What PostgreSQL reads as true; any unique beginning of a word will do. */
  private static final Set<String> TRUE =
      Set.of("1", "on", "t", "tr", "tru", "true", "y", "ye", "yes");

  private Replication() {}

  /** True if the session streams WAL and is connected to no database, whatever one it names. */
  static boolean isPhysical(StartupMessage message) {
    String value = message.parameter("replication");
    return value != null && TRUE.contains(value.toLowerCase(Locale.ROOT));
  }
}
