package dev.understudy.cloner.environment;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a piece of work ended. Told in a second step: between the two, the environment takes its new
 * state. Work never fails to have an outcome, be it that there is no memory.
 */
final class Outcome<T extends @Nullable Object> {
  private static final Logger LOG = LoggerFactory.getLogger(Outcome.class);

  private final Consumer<CompletableFuture<T>> teller;

  private Outcome(Consumer<CompletableFuture<T>> teller) {
    this.teller = teller;
  }

  /**
   * Does the work. What nobody foresaw is logged.
   *
   * @param verb what could not be done to the environment then
   */
  static <T extends @Nullable Object> Outcome<T> of(String verb, String environment, Work<T> work) {
    try {
      T result = work.run();
      return new Outcome<>(future -> future.complete(result));
    } catch (EnvironmentUnavailable e) {
      return new Outcome<>(future -> future.completeExceptionally(e));
    } catch (Throwable e) { // an Error too: somebody waits for the outcome
      LOG.error("environment {} could not be {}", environment, verb, e);
      return new Outcome<>(
          future -> future.completeExceptionally(Refusals.unexpected(environment, e)));
    }
  }

  void tell(CompletableFuture<T> future) {
    teller.accept(future);
  }

  /** What blocks. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T run() throws EnvironmentUnavailable;
  }
}
