package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Step;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The end of an environment, because somebody wants it or because nobody does. */
final class Dropping {
  private final Environment environment;
  private final EnvironmentHost host;

  Dropping(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /** As {@link Environment#drop}. */
  @Nullable CompletableFuture<Boolean> ask() {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    boolean known =
        environment.state().beginDrop(() -> environment.execute(() -> drop(result), result));
    return known ? result : null;
  }

  private void drop(CompletableFuture<Boolean> result) {
    Outcome<Boolean> outcome =
        Outcome.of(
            "dropped",
            environment.name(),
            () -> {
              host.requireOpen();
              return forgetAndRemove();
            });
    end();
    outcome.tell(result);
  }

  /** As {@link Environment#dropIdle}. */
  boolean ifIdle(BooleanSupplier stillIdle) throws EnvironmentUnavailable {
    if (!environment.state().beginIdleStop(stillIdle)) {
      return false;
    }
    try {
      return forgetAndRemove();
    } finally {
      end();
    }
  }

  private boolean forgetAndRemove() throws EnvironmentUnavailable {
    Pointer existing = environment.pointer();
    if (existing == null) {
      return false;
    }
    try {
      host.store().delete(environment.name());
    } catch (IOException e) {
      throw Refusals.notRecorded(environment.name(), e);
    }
    host.steps().reached(Step.ENVIRONMENT_FORGOTTEN);
    environment.forgotten();
    if (existing.target() != null) {
      host.clones().remove(existing.target());
    }
    return true;
  }

  private void end() {
    environment.state().endStop();
    environment.retireIfNothing();
  }
}
