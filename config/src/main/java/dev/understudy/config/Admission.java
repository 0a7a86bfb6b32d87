package dev.understudy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in, apart from passwords.
 *
 * @param hba of which the first that covers a connection decides; what none covers is refused.
 *     Null: everybody who can authenticate
 * @param throttled whether repeated failures to authenticate are slowed down
 */
public record Admission(@Nullable List<HbaRule> hba, boolean throttled) {
  /** Whoever can authenticate. */
  public static final Admission DEFAULT = new Admission(null, true);

  public Admission {
    hba = hba == null ? null : List.copyOf(hba);
  }
}
