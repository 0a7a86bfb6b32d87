package dev.understudy.cloner.environment;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.config.Lifetime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does in its time what the policy wants of one environment: puts it to sleep, warns of its end,
 * drops it. Sleeps until the earliest moment at which one of these could be due; activity costs it
 * nothing. Thread-safe; {@link Environment#state} is locked before this object.
 */
final class LifetimeWatch {
  /** After a start of the daemon, or a jump of the clock, clients get the time to come back. */
  static final Duration GRACE = Duration.ofMinutes(5);

  /** How long one stays awake that was woken and that nobody uses. */
  static final Duration WOKEN = Duration.ofMinutes(1);

  private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
  private static final Duration AFTER_COMPANY = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(LifetimeWatch.class);

  private final Environment environment;
  private final EnvironmentHost host;
  private final Lifetime lifetime;
  private final @Nullable IdleTime untilSleep;
  private final @Nullable IdleTime untilDrop;
  private volatile Instant noDropBefore = Instant.MIN;
  private volatile Instant noExpiryBefore = Instant.MIN;

  // Guarded by this.
  private Alarms.@Nullable Alarm alarm;
  private boolean held;

  LifetimeWatch(Environment environment, EnvironmentHost host, Lifetime lifetime) {
    this.environment = environment;
    this.host = host;
    this.lifetime = lifetime;
    this.untilSleep = idleTime(lifetime.suspendAfter());
    this.untilDrop = idleTime(lifetime.dropAfter());
  }

  private @Nullable IdleTime idleTime(@Nullable Duration length) {
    return length == null ? null : new IdleTime(environment, host, length);
  }

  /** Looks when something could be due at the earliest. */
  void begin() {
    synchronized (environment.state()) {
      wakeAt(next());
    }
  }

  /** For one that an earlier daemon made: does not look while nobody can connect. */
  synchronized void hold() {
    held = true;
  }

  /** Clients can connect from now on. Looks once it is told to begin. */
  void release() {
    synchronized (this) {
      if (!held) {
        return;
      }
      held = false;
    }
    beLenient();
  }

  /** Clients could not come, or the time that has passed is not known. */
  void beLenient() {
    putOff(untilSleep, GRACE);
    putOff(untilDrop, GRACE);
    noDropBefore = afterGrace(lifetime.dropAfter());
    noExpiryBefore = afterGrace(lifetime.expires());
  }

  private Instant afterGrace(@Nullable Duration time) {
    if (time == null) {
      return Instant.MIN;
    }
    return host.clock().instant().plus(time.compareTo(GRACE) < 0 ? time : GRACE);
  }

  /** Its server was started. That alone is no use of it. */
  void woken() {
    putOff(untilSleep, WOKEN);
    begin();
  }

  /** Somebody wants it awake. */
  void resumed() {
    if (untilSleep != null) {
      untilSleep.putOff(untilSleep.length());
      begin();
    }
  }

  private static void putOff(@Nullable IdleTime idleTime, Duration delay) {
    if (idleTime != null) {
      idleTime.putOff(delay);
    }
  }

  /** What will end it, if nothing changes; null: nothing. Cheap. */
  @Nullable Ending ending(EnvironmentRecord record) {
    return Ending.first(idle(record), expiry(record));
  }

  private @Nullable Ending idle(EnvironmentRecord record) {
    Ending idle = Ending.idle(record, lifetime, environment.activity().last());
    return idle == null ? null : idle.notBefore(noDropBefore);
  }

  private @Nullable Ending expiry(EnvironmentRecord record) {
    Ending expiry = Ending.expiry(record, lifetime);
    return expiry == null ? null : expiry.notBefore(noExpiryBefore);
  }

  synchronized void end() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
  }

  private synchronized void wakeAt(Instant time) {
    end();
    if (!held && time.isBefore(Instant.MAX)) {
      alarm = host.alarms().at(time, this::wake);
    }
  }

  private Instant next() {
    Pointer pointer = environment.pointer();
    if (pointer == null || pointer.damaged()) {
      return Instant.MAX;
    }
    Instant next = Instant.MAX;
    if (untilSleep != null && environment.isRunning()) {
      next = untilSleep.due();
    }
    EnvironmentRecord record = pointer.record();
    Ending idle = idle(record);
    if (idle != null && untilDrop != null) {
      next = earlier(next, later(idle.at(), untilDrop.due()));
    }
    Ending expiry = expiry(record);
    if (expiry != null) {
      next = earlier(next, expiry.at());
    }
    Ending ending = Ending.first(idle, expiry);
    if (ending != null && !environment.notices().isLogged(ending)) {
      next = earlier(next, ending.warnFrom());
    }
    return next;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  /** On the alarms' thread: most often somebody was active meanwhile, and that is all. */
  private void wake() {
    if (next().isAfter(host.clock().instant())) {
      begin();
      return;
    }
    try {
      environment.serial().execute(this::look);
    } catch (RejectedExecutionException e) {
      LOG.debug("environment {} is looked at by the next daemon", environment.name());
    } catch (Throwable e) { // there may be no room for a thread
      lookLater(e);
    }
  }

  private void look() {
    try {
      lookNow();
    } catch (Throwable e) { // without another alarm nobody would ever look again
      lookLater(e);
    }
  }

  private void lookLater(Throwable failure) {
    wakeAt(host.clock().instant().plus(AFTER_FAILURE));
    LOG.error("environment {} could not be looked at", environment.name(), failure);
  }

  private void lookNow() {
    Pointer pointer = environment.pointer();
    if (pointer == null || pointer.damaged() || host.closed().get()) {
      return;
    }
    try {
      if (expire(pointer) || drop(pointer)) {
        return;
      }
      warn(pointer.record());
      suspend(pointer.target());
      begin();
    } catch (EnvironmentUnavailable e) {
      LOG.warn("environment {}: {}", environment.name(), e.getMessage(), e);
      wakeAt(host.clock().instant().plus(AFTER_FAILURE));
    }
  }

  private boolean expire(Pointer pointer) throws EnvironmentUnavailable {
    Ending expiry = expiry(pointer.record());
    if (expiry == null || isToCome(expiry.at())) {
      return false;
    }
    environment.dropping().expired();
    LOG.info("environment {}: dropped, it has expired", environment.name());
    return true;
  }

  private boolean drop(Pointer pointer) throws EnvironmentUnavailable {
    Ending idle = idle(pointer.record());
    if (untilDrop == null
        || idle == null
        || isToCome(idle.at())
        || !untilDrop.isOverFor(pointer.target())) {
      return false;
    }
    if (environment.dropping().ifIdle(untilDrop::isOver, TrashReason.IDLE)) {
      LOG.info(
          "environment {}: dropped after {} of idleness",
          environment.name(),
          Notices.words(untilDrop.length()));
      return true;
    }
    untilDrop.putOff(AFTER_COMPANY);
    return false;
  }

  private void warn(EnvironmentRecord record) {
    Ending ending = ending(record);
    if (ending != null && !isToCome(ending.warnFrom())) {
      environment.notices().log(ending);
    }
  }

  private void suspend(@Nullable Clone clone) throws EnvironmentUnavailable {
    IdleTime idle = untilSleep;
    if (idle == null || clone == null || clone.server().isEmpty() || !idle.isOverFor(clone)) {
      return;
    }
    if (!environment.suspending().whenIdle(idle::isOver, () -> idle.isOverFor(clone))) {
      idle.putOff(AFTER_COMPANY);
    }
  }

  private boolean isToCome(Instant time) {
    return time.isAfter(host.clock().instant());
  }
}
