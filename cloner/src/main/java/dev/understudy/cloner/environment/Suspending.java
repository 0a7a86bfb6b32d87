package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the server of an environment, whose data stays; the next connect wakes it. Its quiet
 * sessions let go of it before; what else is open ends with it.
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
    environment.execute(() -> run(result, this::makeRoom), result);
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

  /** As {@link Environment#suspend}. */
  CompletableFuture<Boolean> ask(boolean force) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    environment.execute(() -> run(result, () -> byHand(force)), result);
    return result;
  }

  private void run(CompletableFuture<Boolean> result, Outcome.Work<Boolean> work) {
    if (result.isCancelled()) {
      return; // room was found elsewhere
    }
    Outcome<Boolean> outcome = Outcome.of("suspended", environment.name(), work);
    outcome.tell(result);
    environment.retireIfNothing();
  }

  private boolean makeRoom() throws EnvironmentUnavailable {
    host.requireOpen();
    Pointer pointer = environment.pointer();
    Clone clone = pointer == null ? null : pointer.target();
    return clone != null
        && clone.server().isPresent()
        && host.idleness().isQuiet(clone)
        && stop(
            clone,
            () -> environment.sessions().count() == 0,
            () -> true,
            "to make room for another");
  }

  private boolean byHand(boolean force) throws EnvironmentUnavailable {
    host.requireOpen();
    Pointer pointer = environment.pointer();
    if (pointer == null) {
      throw Refusals.doesNotExist(environment.name());
    }
    Clone clone = pointer.target();
    if (clone == null || clone.server().isEmpty()) {
      return false;
    }
    if (!(force ? stop(clone, () -> true, () -> true, "by hand") : stopIfQuiet(clone))) {
      throw Refusals.inUse(environment.name(), "SUSPEND");
    }
    return true;
  }

  private boolean stopIfQuiet(Clone clone) throws EnvironmentUnavailable {
    long touches = environment.activity().touches();
    BooleanSupplier untouched =
        () ->
            environment.activity().touches() == touches
                && !environment.sessions().isAnyConnecting(host.clock().instant());
    BooleanSupplier quiet = () -> host.idleness().isQuiet(clone);
    return untouched.getAsBoolean()
        && quiet.getAsBoolean()
        && stop(clone, untouched, quiet, "by hand");
  }

  /** As {@link Environment#suspendIdle}. */
  boolean whenIdle(BooleanSupplier stillIdle, BooleanSupplier stillQuiet)
      throws EnvironmentUnavailable {
    Pointer pointer = environment.pointer();
    Clone clone = pointer == null ? null : pointer.target();
    return clone != null && stop(clone, stillIdle, stillQuiet, "as nobody uses it");
  }

  /**
   * @param stillQuiet asked of the server if a session has not let go: what it has begun since may
   *     not count as use yet
   */
  private boolean stop(
      Clone clone, BooleanSupplier stillIdle, BooleanSupplier stillQuiet, String reason)
      throws EnvironmentUnavailable {
    if (!environment.state().beginIdleStop(stillIdle)) {
      return false;
    }
    try {
      environment.sessions().letGo(clone);
      if (!stillIdle.getAsBoolean()
          || (environment.sessions().isAnyOn(clone) && !stillQuiet.getAsBoolean())) {
        return false; // somebody sent something at the last moment
      }
      host.clones().suspend(List.of(clone));
      LOG.info("environment {}: put to sleep, {}", environment.name(), reason);
      return true;
    } catch (IOException e) {
      LOG.warn("{}: its sleep could not be recorded: {}", clone, e.toString());
      return clone.server().isEmpty();
    } catch (InterruptedException e) {
      throw Refusals.shuttingDown();
    } finally {
      environment.state().endStop();
    }
  }
}
