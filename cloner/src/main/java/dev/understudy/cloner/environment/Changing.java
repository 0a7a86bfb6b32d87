package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
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

  /** Completes with what is written then; exceptionally if there is no such environment. */
  CompletableFuture<EnvironmentRecord> ask(UnaryOperator<EnvironmentRecord> change) {
    CompletableFuture<EnvironmentRecord> result = new CompletableFuture<>();
    environment.execute(
        () -> {
          Outcome<EnvironmentRecord> outcome =
              Outcome.of("changed", environment.name(), () -> change(change));
          outcome.tell(result);
          environment.retireIfNothing();
        },
        result);
    return result;
  }

  private EnvironmentRecord change(UnaryOperator<EnvironmentRecord> change)
      throws EnvironmentUnavailable {
    host.requireOpen();
    Pointer existing = environment.pointer();
    if (existing == null) {
      throw Refusals.doesNotExist(environment.name());
    }
    EnvironmentRecord next = change.apply(existing.record());
    Clone clone = existing.target();
    try {
      host.store().write(next, true);
    } catch (IOException e) {
      throw Refusals.notRecorded(environment.name(), e);
    }
    environment.changed(new Pointer(next, clone, existing.damaged()));
    return next;
  }
}
