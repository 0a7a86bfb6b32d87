package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.cloner.clone.Step;
import dev.understudy.config.EnvironmentPolicy;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One name: what it points at, who waits for it, who uses it. It may not exist yet, or no more.
 *
 * <p>Everything that changes it on disk runs in one serial executor, in the order in which it was
 * asked for, or after the end of all of them. What clients see is guarded by this object's lock,
 * under which nothing blocks.
 */
final class Environment {
  private static final Logger LOG = LoggerFactory.getLogger(Environment.class);

  private final String name;
  private final EnvironmentHost host;
  private final EnvironmentMaker maker;
  private final SerialExecutor serial;
  private final Consumer<Environment> onRetired;
  private final ActiveSessions sessions = new ActiveSessions();
  private final ActivityJournal activity;
  private final Optional<IdleWatch> idleWatch;

  // Guarded by this.
  private @Nullable Pointer pointer;
  private @Nullable Opening opening;
  private int drops;
  private int waiters;
  private boolean retired;

  /**
   * @param onRetired told when this object stands for nothing any more; another one may take its
   *     name then
   */
  Environment(String name, EnvironmentHost host, Consumer<Environment> onRetired) {
    this.name = requireNonNull(name, "name is null");
    this.host = requireNonNull(host, "host is null");
    this.onRetired = requireNonNull(onRetired, "onRetired is null");
    this.maker = new EnvironmentMaker(host);
    this.serial = new SerialExecutor(host.threads());
    this.activity =
        new ActivityJournal(host.clock(), host.alarms(), () -> serial.execute(this::saveActivity));
    this.idleWatch =
        host.policies()
            .of(name)
            .map(EnvironmentPolicy::dropAfter)
            .map(idleTime -> new IdleWatch(this, host, serial, idleTime));
  }

  String name() {
    return name;
  }

  ActiveSessions sessions() {
    return sessions;
  }

  ActivityJournal activity() {
    return activity;
  }

  /** Null if it does not exist. */
  synchronized @Nullable Pointer pointer() {
    return pointer;
  }

  /** A session that was being waited for is so no more: it may be idle earlier. */
  void reconsiderIdleness() {
    synchronized (this) {
      if (pointer != null && !pointer.damaged()) {
        idleWatch.ifPresent(IdleWatch::begin);
      }
    }
  }

  /**
   * Takes up what an earlier daemon recorded, and is not idle until {@link #beginIdling}. Called
   * once, before anything else.
   */
  void restore(Pointer found) {
    synchronized (this) {
      pointer = found;
    }
    activity.restore(found.record().lastActivity());
    idleWatch.ifPresent(IdleWatch::hold);
  }

  /** Clients can connect from now on. */
  void beginIdling() {
    idleWatch.ifPresent(IdleWatch::release);
    reconsiderIdleness();
  }

  /**
   * A session, at once if the server runs, without touching the disk. Cancelling the future gives
   * up this wait and nothing else.
   *
   * @return null if this object is retired: its successor is to be asked
   */
  @Nullable CompletableFuture<EnvironmentSession> open() {
    Waiter waiter = new Waiter(this);
    return waiter.enter(null) ? waiter.result() : null;
  }

  /** Whoever gets a {@code Wait} says {@link #leave} once it is over. */
  synchronized Entry enter(@Nullable CreationTimings creation) {
    if (retired) {
      return new Entry.Retired();
    }
    Session session = lease(creation);
    if (session != null) {
      return new Entry.Served(session);
    }
    waiters++;
    boolean again = drops == 0 && pointer != null && pointer.target() != null;
    return new Entry.Wait(again, (opening == null ? beginOpening() : opening).ready());
  }

  void leave() {
    synchronized (this) {
      waiters--;
    }
    retireIfNothing();
  }

  /** Under the lock. Null unless the server runs and nobody is about to drop it. */
  private @Nullable Session lease(@Nullable CreationTimings creation) {
    Clone clone = pointer == null ? null : pointer.target();
    if (clone == null || drops > 0 || clone.server().isEmpty()) {
      return null;
    }
    Session session = new Session(this, clone, host.clock().instant(), creation);
    sessions.add(session);
    return session;
  }

  /** Under the lock. */
  private Opening beginOpening() {
    Opening begun = new Opening();
    try {
      serial.execute(() -> bringUp(begun));
      opening = begun;
    } catch (RejectedExecutionException e) {
      begun.ready().completeExceptionally(Refusals.shuttingDown());
    } catch (Throwable e) { // there may be no room for a thread; whoever waits is to be told
      begun.ready().completeExceptionally(Refusals.unexpected(name, e));
    }
    return begun;
  }

  private void bringUp(Opening begun) {
    Outcome<@Nullable CreationTimings> outcome = Outcome.of("opened", name, this::makeOrStart);
    synchronized (this) {
      if (!begun.detached) {
        opening = null;
      }
    }
    outcome.tell(begun.ready());
    retireIfNothing();
  }

  private @Nullable CreationTimings makeOrStart() throws EnvironmentUnavailable {
    EnvironmentMaker.Made made = maker.makeOrStart(name, pointer()).orElse(null);
    if (made == null) {
      return null;
    }
    activity.restore(made.pointer().record().lastActivity());
    synchronized (this) {
      pointer = made.pointer();
    }
    idleWatch.ifPresent(IdleWatch::begin);
    return made.timings();
  }

  /**
   * Drops it; whoever comes from now on gets a new one. Completes with false if there was none.
   *
   * @return null if this object is retired: its successor is to be asked
   */
  @Nullable CompletableFuture<Boolean> drop() {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    synchronized (this) {
      if (retired) {
        return null;
      }
      try {
        serial.execute(() -> drop(result));
        drops++;
        detachOpening();
      } catch (RejectedExecutionException e) {
        result.completeExceptionally(Refusals.shuttingDown());
      } catch (Throwable e) { // there may be no room for a thread
        result.completeExceptionally(Refusals.unexpected(name, e));
      }
    }
    return result;
  }

  /** Under the lock. Those who come later wait for what follows the drop. */
  private void detachOpening() {
    if (opening != null) {
      opening.detached = true;
      opening = null;
    }
  }

  private void drop(CompletableFuture<Boolean> result) {
    Outcome<Boolean> outcome =
        Outcome.of(
            "dropped",
            name,
            () -> {
              host.requireOpen();
              return forgetAndRemove();
            });
    endDrop();
    outcome.tell(result);
  }

  /**
   * Drops it unless somebody came meanwhile. In the serial executor.
   *
   * @param stillIdle asked under the lock
   * @return false if somebody came
   */
  boolean dropIdle(BooleanSupplier stillIdle) throws EnvironmentUnavailable {
    synchronized (this) {
      if (opening != null || !stillIdle.getAsBoolean()) {
        return false;
      }
      drops++;
    }
    try {
      return forgetAndRemove();
    } finally {
      endDrop();
    }
  }

  private boolean forgetAndRemove() throws EnvironmentUnavailable {
    Pointer existing = pointer();
    if (existing == null) {
      return false;
    }
    try {
      host.store().delete(name);
    } catch (IOException e) {
      throw Refusals.notRecorded(name, e);
    }
    host.steps().reached(Step.ENVIRONMENT_FORGOTTEN);
    synchronized (this) {
      pointer = null;
      idleWatch.ifPresent(IdleWatch::end);
    }
    if (existing.target() != null) {
      host.clones().remove(existing.target());
    }
    return true;
  }

  private void endDrop() {
    synchronized (this) {
      drops--;
    }
    retireIfNothing();
  }

  /** Under nobody's lock: an object that stands for nothing makes place. */
  private void retireIfNothing() {
    synchronized (this) {
      if (retired || pointer != null || opening != null || drops > 0 || waiters > 0) {
        return;
      }
      retired = true;
    }
    onRetired.accept(this);
  }

  /** Completes when all that was asked before is done. */
  CompletableFuture<Void> settled() {
    return CompletableFuture.runAsync(() -> {}, serial);
  }

  /** In the serial executor, or after its end. */
  void saveActivity() {
    Pointer existing = pointer();
    if (!activity.takeUnsaved() || existing == null) {
      return;
    }
    EnvironmentRecord updated = existing.record().lastActiveAt(activity.last());
    try {
      Clone clone = existing.target();
      host.store().write(updated, clone == null || clone.isDurable());
      synchronized (this) {
        pointer = new Pointer(updated, existing.target(), existing.damaged());
      }
    } catch (IOException e) {
      LOG.warn("environment {}: its last activity could not be recorded: {}", name, e.toString());
    }
  }
}
