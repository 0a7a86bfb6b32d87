package dev.understudy.cloner.environment;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What is done to one environment, in its serial executor, for somebody who is told how it ended.
 * Thread-safe; nothing here blocks.
 */
final class EnvironmentTasks {
  private final Environment environment;

  EnvironmentTasks(Environment environment) {
    this.environment = environment;
  }

  /**
   * Does some work after all that was asked before.
   *
   * @param result fails where the work cannot begin; otherwise it is left to the work
   * @return false where the work cannot begin
   */
  boolean execute(Runnable work, CompletableFuture<?> result) {
    try {
      environment.serial().execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(Refusals.shuttingDown());
    } catch (Throwable e) { // there may be no room for a thread; whoever waits is to be told
      result.completeExceptionally(Refusals.unexpected(environment.name(), e));
    }
    return false;
  }

  /**
   * As {@link #execute}.
   *
   * @param verb what could not be done to the environment where the work fails
   * @return completes with the outcome of the work
   */
  <T> CompletableFuture<T> submit(String verb, Outcome.Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    execute(
        () -> {
          Outcome<T> outcome = Outcome.of(verb, environment.name(), work);
          outcome.tell(result);
          environment.retireIfNothing();
        },
        result);
    return result;
  }

  /**
   * As {@link #submit}, and whoever comes to the environment from now on waits for the end of the
   * work.
   *
   * @return null if the environment's object is retired: its successor is to be asked
   */
  <T> @Nullable CompletableFuture<T> submitStop(String verb, Outcome.Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    boolean known =
        environment.state().beginStop(() -> execute(() -> stop(verb, work, result), result));
    return known ? result : null;
  }

  private <T> void stop(String verb, Outcome.Work<T> work, CompletableFuture<T> result) {
    Outcome<T> outcome = Outcome.of(verb, environment.name(), work);
    environment.state().endStop();
    environment.retireIfNothing();
    outcome.tell(result);
  }
}
