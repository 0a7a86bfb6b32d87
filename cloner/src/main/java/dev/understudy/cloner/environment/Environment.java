package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Jump;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.trash.TrashReason;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One name: what it points at, who waits for it, who uses it. It may not exist yet, or no more.
 *
 * <p>Everything that changes it on disk runs in one serial executor, in the order in which it was
 * asked for, or after the end of all of them. What clients see is its {@link EnvironmentState}.
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
  private final Optional<LifetimeWatch> watch;
  private final Notices notices;
  private final EnvironmentState state = new EnvironmentState();
  private final Dropping dropping;
  private final Suspending suspending;
  private final Refreshing refreshing;
  private final Renewing renewing;
  private final Undropping undropping;
  private final Changing changing;
  private final Evicting evicting;
  private final PrivateLimit privateLimit;

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
    this.notices = new Notices(name);
    this.watch =
        host.policies().of(name).map(policy -> new LifetimeWatch(this, host, policy.lifetime()));
    this.dropping = new Dropping(this, host);
    this.suspending = new Suspending(this, host);
    Moving moving = new Moving(this, host, maker);
    this.refreshing = new Refreshing(this, host, moving);
    this.renewing = new Renewing(this, host, moving);
    this.undropping = new Undropping(this, host);
    this.changing = new Changing(this, host);
    this.evicting = new Evicting(this, host);
    this.privateLimit = new PrivateLimit(this, host);
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

  EnvironmentState state() {
    return state;
  }

  Notices notices() {
    return notices;
  }

  SerialExecutor serial() {
    return serial;
  }

  PrivateLimit privateLimit() {
    return privateLimit;
  }

  boolean isRunning() {
    Pointer existing = state.pointer();
    return existing != null && existing.target() != null && existing.target().server().isPresent();
  }

  /** Null if it does not exist. */
  @Nullable Pointer pointer() {
    return state.pointer();
  }

  /** A session that was being waited for is so no more: it may be idle earlier. */
  void reconsiderIdleness() {
    synchronized (state) {
      Pointer existing = state.pointer();
      if (existing != null && !existing.damaged()) {
        watch.ifPresent(LifetimeWatch::begin);
      }
    }
  }

  /** Nobody is idle, and nothing over, because the clock says so all at once. */
  void clockJumped(Jump jump) {
    activity.clockJumped(jump);
    evicting.clockJumped();
    refreshing.clockJumped();
    watch.ifPresent(LifetimeWatch::beLenient);
    reconsiderIdleness();
  }

  /**
   * Takes up what an earlier daemon recorded, and is not idle until {@link #beginIdling}. Called
   * once, before anything else.
   */
  void restore(Pointer found) {
    state.pointAt(found);
    host.population().add(this);
    activity.restore(Jump.notAfter(found.record().lastActivity(), host.clock().instant()));
    watch.ifPresent(LifetimeWatch::hold);
  }

  /** Clients can connect from now on. */
  void beginIdling() {
    watch.ifPresent(LifetimeWatch::release);
    reconsiderIdleness();
    refreshing.resume();
  }

  /**
   * A session, at once if the server runs, without touching the disk. Cancelling the future gives
   * up this wait and nothing else.
   *
   * @return null if this object is retired: its successor is to be asked
   */
  @Nullable CompletableFuture<EnvironmentSession> open(EnvironmentRequest request) {
    Waiter waiter = new Waiter(this, request);
    return waiter.enter(null) ? waiter.result() : null;
  }

  /** Whoever gets a {@code Wait} says {@link #leave} once it is over. */
  Entry enter(EnvironmentRequest request, @Nullable CreationTimings creation) {
    return state.enter(
        request.fresh(),
        clone -> lease(clone, creation),
        () -> new Opening(this, host, maker, request));
  }

  private Session lease(Clone clone, @Nullable CreationTimings creation) {
    Instant now = host.clock().instant();
    Session session = new Session(this, clone, now, creation);
    sessions.add(session);
    return session;
  }

  /** What a session that begins now is to hear. */
  List<EnvironmentNotice> takeNotices() {
    return notices.take(ending(), host.clock().instant());
  }

  private @Nullable Ending ending() {
    Pointer existing = state.pointer();
    return existing == null
        ? null
        : watch.map(lifetime -> lifetime.ending(existing.record())).orElse(null);
  }

  void leave() {
    state.leave();
    retireIfNothing();
  }

  /** It exists from now on, or has a clone again. In the serial executor. */
  void made(Pointer made) {
    activity.restore(made.record().lastActivity());
    state.pointAt(made);
    host.population().add(this);
    watch.ifPresent(LifetimeWatch::begin);
    refreshing.schedule();
  }

  /** Its server was started, for somebody who connects. In the serial executor. */
  void woken() {
    watch.ifPresent(LifetimeWatch::woken);
  }

  /** Somebody wants it awake, if it is, for as long as one that was just used. */
  void resumed() {
    watch.ifPresent(LifetimeWatch::resumed);
  }

  /**
   * Drops it; whoever comes from now on gets a new one. Completes with false if there was none.
   *
   * @return null if this object is retired: its successor is to be asked
   */
  @Nullable CompletableFuture<Boolean> drop() {
    return dropping.ask();
  }

  /**
   * Drops it unless somebody came meanwhile. In the serial executor.
   *
   * @param stillIdle asked under the lock of the state
   * @return false if somebody came
   */
  boolean dropIdle(BooleanSupplier stillIdle, TrashReason reason) throws EnvironmentUnavailable {
    return dropping.ifIdle(stillIdle, reason);
  }

  /** Drops it, used or not, as its time is over. In the serial executor. */
  void expire() throws EnvironmentUnavailable {
    dropping.expired();
  }

  /**
   * Becomes what had that name and is in the trash now, if it does not exist.
   *
   * @return null if this object is retired: its successor is to be asked
   */
  @Nullable CompletableFuture<EnvironmentRecord> undrop(String former) {
    return undropping.ask(former);
  }

  /** Changes what is written down of it. Fails where it does not exist. Never blocks. */
  CompletableFuture<EnvironmentRecord> change(UnaryOperator<EnvironmentRecord> change) {
    return changing.ask(change);
  }

  /** In the serial executor. */
  void changed(Pointer next) {
    state.pointAt(next);
    reconsiderIdleness();
  }

  /**
   * Stops its server if it has no session and does nothing; the next connect starts it. Blocks
   * until the server has ended, and never for what is being done to the environment already; not in
   * its own serial executor.
   */
  Room suspendIfIdle() throws EnvironmentUnavailable {
    return suspending.ifIdle();
  }

  /**
   * Stops its server unless somebody comes meanwhile. In the serial executor.
   *
   * @param stillIdle asked under the lock of the state, and once more when its sessions know
   * @param stillQuiet may block; asked last, if a session has not let go
   * @return false if somebody came
   */
  boolean suspendIdle(BooleanSupplier stillIdle, BooleanSupplier stillQuiet)
      throws EnvironmentUnavailable {
    return suspending.whenIdle(stillIdle, stillQuiet);
  }

  /**
   * Stops its server because somebody wants it. Completes with false if it does not run; fails
   * where there is no such environment, and where it is in use.
   *
   * @param force whoever uses it loses what they are doing
   */
  CompletableFuture<Boolean> suspend(boolean force) {
    return suspending.ask(force);
  }

  /**
   * Removes it, to make room, if its policy drops it some day and nobody has used it for a while.
   * Blocks; not in its own serial executor.
   *
   * @return false if it is to stay
   */
  boolean evict() throws InterruptedException {
    return evicting.run();
  }

  /** Moves it to a clone of the new snapshot, if its policy says so, and soon. Never blocks. */
  void snapshotPublished() {
    refreshing.published();
  }

  /** Moves it because somebody says so. Fails where it does not exist. Never blocks. */
  CompletableFuture<EnvironmentRecord> renew(Renewing.Aim aim, boolean force) {
    return renewing.ask(aim, force);
  }

  /** Moves it to the newest snapshot, for a token. In the serial executor. */
  CreationTimings startAfresh(Pointer existing, Clone old, String token)
      throws EnvironmentUnavailable {
    return renewing.startAfresh(existing, old, token);
  }

  /**
   * Makes it, if it does not exist.
   *
   * @param known other environments, by name
   * @return null if this object is retired: its successor is to be asked
   */
  @Nullable CompletableFuture<EnvironmentRecord> create(
      CreateFrom from, @Nullable String role, Function<String, @Nullable Environment> known) {
    return new Creating(this, host, maker, known).ask(from, role);
  }

  /** It exists no more. In the serial executor. */
  void forgotten() {
    host.population().remove(this);
    refreshing.end();
    synchronized (state) {
      state.pointAt(null);
      watch.ifPresent(LifetimeWatch::end);
    }
  }

  /** Under nobody's lock: an object that stands for nothing makes place. */
  void retireIfNothing() {
    if (state.retire()) {
      onRetired.accept(this);
    }
  }

  /**
   * Does some work after all that was asked before. Never blocks.
   *
   * @param result fails where the work cannot begin; otherwise it is left to the work
   * @return false where the work cannot begin
   */
  boolean execute(Runnable work, CompletableFuture<?> result) {
    try {
      serial.execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(Refusals.shuttingDown());
    } catch (Throwable e) { // there may be no room for a thread; whoever waits is to be told
      result.completeExceptionally(Refusals.unexpected(name, e));
    }
    return false;
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
    Instant last = activity.last();
    EnvironmentRecord updated = existing.record().lastActiveAt(last);
    try {
      Clone clone = existing.target();
      host.store().write(updated, clone == null || clone.outlivesCrash());
      state.pointAt(new Pointer(updated, existing.target(), existing.damaged()));
      activity.saved(last);
    } catch (IOException e) {
      activity.notSaved();
      LOG.warn("environment {}: its last activity could not be recorded: {}", name, e.toString());
    }
  }
}
