package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What clients find behind a name: what it points at, whether it is being made or dropped, how many
 * wait for that. Thread-safe; every method is one step, under this object's lock, under which
 * nothing blocks. Whoever holds it makes several steps one.
 */
final class EnvironmentState {
  private @Nullable Pointer pointer;
  private @Nullable Opening opening;
  private int stops;
  private int waiters;
  private boolean retired;

  /** Null if the environment does not exist. */
  synchronized @Nullable Pointer pointer() {
    return pointer;
  }

  synchronized void pointAt(@Nullable Pointer next) {
    pointer = next;
  }

  /**
   * Somebody comes. Who gets a {@code Wait} is counted until {@link #leave}.
   *
   * @param fresh token that it has to be fresh for; null: none
   * @param only id of the clone that alone will do; null: any
   * @param lease gives a session on a clone whose server runs and that nobody is about to drop
   * @param newOpening asked where none that would do has begun
   */
  synchronized Entry enter(
      @Nullable String fresh,
      @Nullable String only,
      Function<Clone, Session> lease,
      Supplier<Opening> newOpening) {
    if (retired) {
      return new Entry.Retired();
    }
    Clone clone = pointer == null || stops > 0 ? null : pointer.target();
    boolean stale = fresh != null && pointer != null && !pointer.record().isFreshFor(fresh);
    if (only != null && (stale || !isTarget(only))) {
      return new Entry.Other(stale && isTarget(only));
    }
    if (clone != null && !stale && clone.server().isPresent()) {
      return new Entry.Served(lease.apply(clone));
    }
    waiters++;
    return new Entry.Wait(clone != null && !stale, join(stale ? fresh : null, newOpening));
  }

  private boolean isTarget(String id) {
    Clone target = pointer == null ? null : pointer.target();
    return target != null && target.id().equals(id);
  }

  /** One for another token comes before: then a next one follows it. */
  private Opening join(@Nullable String fresh, Supplier<Opening> newOpening) {
    if (opening != null && (fresh == null || opening.isFor(fresh))) {
      return opening;
    }
    Opening begun = newOpening.get();
    if (begun.begin()) {
      opening = begun;
    }
    return begun;
  }

  synchronized void leave() {
    waiters--;
  }

  synchronized void endOpening(Opening ended) {
    if (opening == ended) {
      opening = null;
    }
  }

  /**
   * A drop, or the like, begins, until {@link #endStop}, if it can. Those who come later wait for
   * what follows it.
   *
   * @param begin false if it cannot
   * @return false if the environment is retired
   */
  synchronized boolean beginStop(BooleanSupplier begin) {
    if (retired) {
      return false;
    }
    if (begin.getAsBoolean()) {
      stops++;
      opening = null;
    }
    return true;
  }

  /** It exists, and nothing that may end it is under way. */
  synchronized boolean isSettled() {
    return pointer != null && stops == 0;
  }

  /** A drop, a sleep or a move begins, until {@link #endStop}, unless somebody came. */
  synchronized boolean beginIdleStop(BooleanSupplier stillIdle) {
    if (opening != null || !stillIdle.getAsBoolean()) {
      return false;
    }
    stops++;
    return true;
  }

  /** A move begins, until {@link #endStop}, whoever has come, unless they did something. */
  synchronized boolean beginMove(BooleanSupplier stillQuiet) {
    if (!stillQuiet.getAsBoolean()) {
      return false;
    }
    stops++;
    return true;
  }

  synchronized void endStop() {
    stops--;
  }

  /** True once: when there is nothing behind the name, nothing to come, and nobody who waits. */
  synchronized boolean retire() {
    if (retired || pointer != null || opening != null || stops > 0 || waiters > 0) {
      return false;
    }
    retired = true;
    return true;
  }
}
