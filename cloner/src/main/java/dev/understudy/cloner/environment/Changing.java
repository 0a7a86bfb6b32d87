package dev.understudy.cloner.environment;

import dev.understudy.cloner.environment.record.EnvironmentRecord;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** A change of what is written down of an environment, and of nothing else. */
final class Changing {
  private final Environment environment;
  private final EnvironmentHost host;

  Changing(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /**
   * Completes with what is written then; exceptionally if there is no such environment. Never
   * blocks.
   */
  CompletableFuture<EnvironmentRecord> ask(UnaryOperator<EnvironmentRecord> change) {
    return environment.tasks().submit("changed", () -> change(change));
  }

  /** The same at once, in the serial executor; blocks. */
  EnvironmentRecord change(UnaryOperator<EnvironmentRecord> change) throws EnvironmentUnavailable {
    host.requireOpen();
    Pointer existing = environment.pointer();
    if (existing == null) {
      throw OperationRefusals.doesNotExist(environment.name());
    }
    EnvironmentRecord next = change.apply(existing.record());
    try {
      host.store().write(next, true);
    } catch (IOException e) {
      throw Refusals.notRecorded(environment.name(), e);
    }
    environment.changed(new Pointer(next, existing.target(), existing.damaged()));
    return next;
  }
}
