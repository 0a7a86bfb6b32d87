package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.trash.Trash;
import dev.understudy.cloner.trash.TrashReason;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The end of an environment, because somebody wants it or because nobody does. */
final class Dropping {
  private final Environment environment;
  private final EnvironmentHost host;

  Dropping(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /**
   * Drops it; whoever comes from now on gets a new one. Completes with false if there was none, or
   * none that may be dropped.
   *
   * @param may asked of what there is then; in the serial executor
   * @return null if the environment's object is retired: its successor is to be asked
   */
  @Nullable CompletableFuture<Boolean> ask(Predicate<EnvironmentRecord> may) {
    return environment
        .tasks()
        .submitStop(
            "dropped",
            () -> {
              host.requireOpen();
              Pointer existing = environment.pointer();
              return existing != null
                  && may.test(existing.record())
                  && forgetAndTrash(TrashReason.DROPPED);
            });
  }

  /**
   * Drops it unless somebody came meanwhile. In the serial executor.
   *
   * @param stillIdle asked under the lock of the state
   * @return false if somebody came
   */
  boolean ifIdle(BooleanSupplier stillIdle, TrashReason reason) throws EnvironmentUnavailable {
    if (!environment.state().beginIdleStop(stillIdle)) {
      return false;
    }
    try {
      return forgetAndTrash(reason);
    } finally {
      end();
    }
  }

  /** Drops it, used or not, as its time is over. In the serial executor. */
  void expired() throws EnvironmentUnavailable {
    if (environment.state().beginStop(() -> true)) {
      try {
        forgetAndTrash(TrashReason.EXPIRED);
      } finally {
        end();
      }
    }
  }

  private boolean forgetAndTrash(TrashReason reason) throws EnvironmentUnavailable {
    Pointer existing = environment.pointer();
    if (existing == null) {
      return false;
    }
    if (existing.target() == null) {
      forget();
      return true;
    }
    if (reason == TrashReason.EVICTED) { // in the trash it would keep its room
      forget();
      host.clones().remove(existing.target());
      return true;
    }
    try (Trash.Coming coming = announce(existing.record(), existing.target(), reason)) {
      forget();
      environment.sessions().letGo(existing.target());
      coming.arrive();
    }
    host.settling().addTrash();
    return true;
  }

  private Trash.Coming announce(EnvironmentRecord last, Clone target, TrashReason reason)
      throws EnvironmentUnavailable {
    try {
      return host.trash().announce(last, target, reason);
    } catch (IOException e) {
      throw Refusals.notRecorded(environment.name(), e);
    }
  }

  private void forget() throws EnvironmentUnavailable {
    try {
      host.store().delete(environment.name());
    } catch (IOException e) {
      throw Refusals.notRecorded(environment.name(), e);
    }
    host.steps().reached(Step.ENVIRONMENT_FORGOTTEN);
    environment.forgotten();
  }

  private void end() {
    environment.state().endStop();
    environment.retireIfNothing();
  }
}
