package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the server of an environment that nobody uses. Its data stays; the next connect wakes it.
 */
final class Suspending {
  /** For what is being done to it already. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Logger LOG = LoggerFactory.getLogger(Suspending.class);

  private final Environment environment;
  private final EnvironmentHost host;

  Suspending(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /** As {@link Environment#suspendIfIdle}. */
  boolean ifIdle() throws EnvironmentUnavailable {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    environment.execute(() -> run(result), result);
    try {
      return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      result.cancel(false);
      throw Refusals.shuttingDown();
    } catch (ExecutionException | TimeoutException e) {
      result.cancel(false);
      return false;
    }
  }

  private void run(CompletableFuture<Boolean> result) {
    if (result.isCancelled()) {
      return; // room was found elsewhere
    }
    Outcome<Boolean> outcome = Outcome.of("suspended", environment.name(), this::suspend);
    outcome.tell(result);
  }

  private boolean suspend() throws EnvironmentUnavailable {
    host.requireOpen();
    Pointer pointer = environment.pointer();
    Clone clone = pointer == null ? null : pointer.target();
    if (clone == null || clone.server().isEmpty() || !host.idleness().isQuiet(clone)) {
      return false;
    }
    if (!environment.state().beginIdleStop(() -> environment.sessions().count() == 0)) {
      return false;
    }
    try {
      host.clones().suspend(List.of(clone));
      LOG.info("environment {}: put to sleep, to make room for another", environment.name());
      return true;
    } catch (IOException e) {
      LOG.warn("{}: its sleep could not be recorded: {}", clone, e.toString());
      return clone.server().isEmpty();
    } catch (InterruptedException e) {
      throw Refusals.shuttingDown();
    } finally {
      environment.state().endStop();
      environment.retireIfNothing();
    }
  }
}
