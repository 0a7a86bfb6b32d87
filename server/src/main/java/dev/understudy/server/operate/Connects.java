package dev.understudy.server.operate;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.Effect;
import dev.understudy.cloner.environment.EnvironmentStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What connecting does to environments, in the audit log: whoever connects asks for an operation as
 * well, and it is told in the words of that. Who merely connects to what runs leaves no line.
 * Thread-safe.
 */
public final class Connects {
  private static final String VIA = "connect";

  private final Supplier<List<EnvironmentStatus>> environments;

  /**
   * @param environments all, as they are right now
   */
  public Connects(Supplier<List<EnvironmentStatus>> environments) {
    this.environments = requireNonNull(environments, "environments is null");
  }

  /** Somebody who connects, for the log alone. */
  public static Actor actor(String login, String role, String from) {
    return new Actor(login, role, false, VIA, from);
  }

  /** A session was opened, and this was done for it. */
  public void done(Actor actor, String environment, Effect effect) {
    Audit.tell(actor, operation(effect), environment, AuditTerms.NONE, null);
  }

  /**
   * None was, be it that the environment could not be made or started. A refusal that is about the
   * connection alone is no operation: the server runs, and is left as it is.
   *
   * @param fresh whether it was to begin anew
   */
  public void refused(Actor actor, String environment, boolean fresh, String sqlState) {
    Optional<EnvironmentStatus> status =
        environments.get().stream().filter(one -> one.name().equals(environment)).findFirst();
    if (status.isEmpty()) {
      Audit.tell(actor, operation(Effect.CREATED), environment, AuditTerms.NONE, sqlState);
    } else if (fresh || !status.get().running()) {
      Effect wanted = fresh ? Effect.RESET : Effect.WOKEN;
      Audit.tell(actor, operation(wanted), environment, AuditTerms.NONE, sqlState);
    }
  }

  private static String operation(Effect effect) {
    return switch (effect) {
      case CREATED -> "CREATE ENVIRONMENT";
      case RESET -> "RESET ENVIRONMENT";
      case WOKEN -> "RESUME ENVIRONMENT";
    };
  }
}
