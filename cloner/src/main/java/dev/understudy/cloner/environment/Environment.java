package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Jump;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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
  private final SerialExecutor serial;
  private final EnvironmentTasks tasks;
  private final Consumer<Environment> onRetired;
  private final ActiveSessions sessions = new ActiveSessions();
  private final ActivityJournal activity;
  private final LifetimeWatch watch;
  private final Notices notices;
  private final EnvironmentState state = new EnvironmentState();
  private final Dropping dropping;
  private final Suspending suspending;
  private final Refreshing refreshing;
  private final Evicting evicting;
  private final PrivateLimit privateLimit;
  private final RoleUpkeep roles;

  /**
   * @param onRetired told when this object stands for nothing any more; another one may take its
   *     name then
   */
  Environment(String name, EnvironmentHost host, Consumer<Environment> onRetired) {
    this.name = requireNonNull(name, "name is null");
    this.host = requireNonNull(host, "host is null");
    this.onRetired = requireNonNull(onRetired, "onRetired is null");
    this.serial = new SerialExecutor(host.threads());
    this.tasks = new EnvironmentTasks(this);
    this.activity =
        new ActivityJournal(host.clock(), host.alarms(), () -> serial.execute(this::saveActivity));
    this.notices = new Notices(name, this::saveWarningSoon);
    this.watch = new LifetimeWatch(this, host);
    this.dropping = new Dropping(this, host);
    this.suspending = new Suspending(this, host);
    this.refreshing = new Refreshing(this, host);
    this.evicting = new Evicting(this, host);
    this.privateLimit = new PrivateLimit(this, host);
    this.roles = new RoleUpkeep(this, host);
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

  EnvironmentTasks tasks() {
    return tasks;
  }

  Suspending suspending() {
    return suspending;
  }

  Dropping dropping() {
    return dropping;
  }

  Refreshing refreshing() {
    return refreshing;
  }

  Evicting evicting() {
    return evicting;
  }

  PrivateLimit privateLimit() {
    return privateLimit;
  }

  RoleUpkeep roles() {
    return roles;
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
        watch.begin();
      }
    }
  }

  /** Nobody is idle, and nothing over, because the clock says so all at once. */
  void clockJumped(Jump jump) {
    activity.clockJumped(jump);
    evicting.clockJumped();
    refreshing.clockJumped();
    watch.beLenient();
    reconsiderIdleness();
  }

  /**
   * Takes up what an earlier daemon recorded, and is not idle until {@link #beginIdling}. Called
   * once, before anything else.
   */
  void restore(Pointer found) {
    state.pointAt(found);
    host.population().add(this);
    activity.restore(found.record().lastActivity());
    notices.restore(found.record().warnedAt());
    watch.hold();
  }

  /** Its policy may be another one. */
  void settingsChanged() {
    reconsiderIdleness();
    refreshing.settingsChanged();
    Pointer existing = state.pointer();
    if (existing != null) {
      new Mismatches(host).tell(existing);
    }
  }

  /** Clients can connect from now on. */
  void beginIdling() {
    watch.release();
    reconsiderIdleness();
    refreshing.resume();
    lookAtRoles();
  }

  /** What a session that begins now is to hear. */
  List<EnvironmentNotice> takeNotices() {
    Pointer existing = state.pointer();
    return notices.take(
        existing == null ? null : endings(existing.record()).first(), host.clock().instant());
  }

  /** What ends it by itself, as its policy is now. Cheap. */
  Endings endings(EnvironmentRecord record) {
    return watch.endings(record);
  }

  /** It exists from now on, or has a clone again. In the serial executor. */
  void made(Pointer made) {
    activity.restore(made.record().lastActivity());
    state.pointAt(made);
    host.population().add(this);
    watch.begin();
    refreshing.schedule();
    lookAtRoles();
  }

  /** What hooks, or sessions of an earlier daemon, made of them. */
  private void lookAtRoles() {
    Pointer existing = state.pointer();
    if (existing != null && existing.target() != null && isRunning()) {
      roles.used(existing.target());
    }
  }

  /** Its server was started, for somebody who connects. In the serial executor. */
  void woken() {
    watch.woken();
    lookAtRoles();
  }

  /** Somebody wants it awake, if it is, for as long as one that was just used. */
  void resumed() {
    watch.resumed();
  }

  /** In the serial executor. */
  void changed(Pointer next) {
    state.pointAt(next);
    reconsiderIdleness();
  }

  /** Its server is about to be stopped, and nothing else is done to it. Blocks the executor. */
  CompletableFuture<Void> learnRoles() {
    return CompletableFuture.runAsync(
        () -> {
          Pointer existing = state.pointer();
          if (existing != null && existing.target() != null) {
            try {
              roles.beforeStop(existing.target());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        },
        serial);
  }

  /** It has another clone from now on, which may run where it slept. In the serial executor. */
  void moved(Pointer next) {
    boolean slept = !isRunning();
    state.pointAt(next);
    if (slept && isRunning()) {
      woken();
    } else {
      lookAtRoles();
    }
  }

  /** It exists no more. In the serial executor. */
  void forgotten() {
    host.population().remove(this);
    refreshing.end();
    synchronized (state) {
      state.pointAt(null);
      watch.end();
    }
  }

  /** Under nobody's lock: an object that stands for nothing makes place. */
  void retireIfNothing() {
    if (state.retire()) {
      onRetired.accept(this);
    }
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
    try {
      save(existing, existing.record().lastActiveAt(last));
      activity.saved(last);
    } catch (IOException e) {
      activity.notSaved();
      LOG.warn("environment {}: its last activity could not be recorded: {}", name, e.toString());
    }
  }

  /** What tells of it is on disk when this returns, as its clone is. In the serial executor. */
  void forceRecord() throws IOException {
    Pointer existing = pointer();
    if (existing != null) {
      host.store().force(existing.record());
    }
  }

  /** The next daemon is not to warn again the same day. */
  private void saveWarningSoon() {
    tasks.execute(this::saveWarning, new CompletableFuture<>());
  }

  private void saveWarning() {
    Pointer existing = pointer();
    Instant warnedAt = notices.warnedAt();
    if (existing == null || warnedAt == null) {
      return;
    }
    try {
      save(existing, existing.record().warnedAt(warnedAt));
    } catch (IOException e) {
      LOG.warn("environment {}: its warning could not be recorded: {}", name, e.toString());
    }
  }

  private void save(Pointer existing, EnvironmentRecord updated) throws IOException {
    Clone clone = existing.target();
    host.store().write(updated, clone == null || clone.outlivesCrash());
    state.pointAt(new Pointer(updated, clone, existing.damaged()));
  }
}
