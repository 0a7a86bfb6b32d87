package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import java.util.OptionalInt;

/** Whether those who use an environment may lose the clone that they are on. */
sealed interface Consent {
  /**
   * Asked before anything is made, and again once it is made. Blocks.
   *
   * @throws EnvironmentUnavailable if it is not given, and somebody is to be told why
   */
  boolean isGiven(Clone old) throws EnvironmentUnavailable;

  /**
   * Begins a stop in the state; false if somebody came.
   *
   * @param touches of the activity before consent was asked for last
   */
  boolean begin(long touches) throws EnvironmentUnavailable;

  /** Nobody is asked. */
  default boolean isUnconditional() {
    return false;
  }

  /** Given if nothing is being done and nobody is connecting. */
  record WhenQuiet(Environment environment, EnvironmentHost host) implements Consent {
    @Override
    public boolean isGiven(Clone old) {
      return old.server().isEmpty() || (nobodyConnects() && host.idleness().isQuiet(old));
    }

    @Override
    public boolean begin(long touches) {
      return environment
          .state()
          .beginIdleStop(() -> nobodyConnects() && environment.activity().touches() == touches);
    }

    private boolean nobodyConnects() {
      return !environment.sessions().isAnyConnecting(host.clock().instant());
    }
  }

  /** Given unless a transaction is open or a statement runs; then somebody is told so. */
  record UnlessBusy(Environment environment, EnvironmentHost host, String verb) implements Consent {
    @Override
    public boolean isGiven(Clone old) throws EnvironmentUnavailable {
      OptionalInt busy = host.idleness().busySessions(old);
      if (busy.isEmpty()) {
        throw OperationRefusals.silent(environment.name(), verb);
      }
      if (busy.getAsInt() > 0) {
        throw OperationRefusals.busy(environment.name(), verb, busy.getAsInt());
      }
      return true;
    }

    @Override
    public boolean begin(long touches) throws EnvironmentUnavailable {
      if (!environment.state().beginMove(() -> environment.activity().touches() == touches)) {
        throw OperationRefusals.justUsed(environment.name(), verb);
      }
      return true;
    }
  }

  /** Whatever is being done. */
  record Forced(Environment environment) implements Consent {
    @Override
    public boolean isGiven(Clone old) {
      return true;
    }

    @Override
    public boolean begin(long touches) {
      return environment.state().beginMove(() -> true);
    }

    @Override
    public boolean isUnconditional() {
      return true;
    }
  }
}
