package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

/** What somebody finds who comes to an environment. */
sealed interface Entry {
  /** Its server runs. */
  record Served(Session session) implements Entry {
    public Served {
      requireNonNull(session, "session is null");
    }
  }

  /**
   * It is being made or started.
   *
   * @param again it has a clone whose server does not run: stopped, ended by itself, or never
   *     started by this daemon. Whoever waits and sees this again and again sees a server that
   *     cannot stay
   */
  record Wait(boolean again, Opening opening) implements Entry {
    public Wait {
      requireNonNull(opening, "opening is null");
    }
  }

  /**
   * It is not the clone that somebody wants and no other.
   *
   * @param renewed it would be, but for the token that it is to begin anew for
   */
  record Other(boolean renewed) implements Entry {}

  /** This object stands for the name no more; a new one does, or will. */
  record Retired() implements Entry {}
}
