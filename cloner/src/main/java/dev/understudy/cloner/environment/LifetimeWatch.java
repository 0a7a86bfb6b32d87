package dev.understudy.cloner.environment;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.config.EnvironmentPolicy;
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
  private final IdleTime untilSleep;
  private final IdleTime untilDrop;
  private volatile Lifetime known;
  private volatile Instant noDropBefore = Instant.MIN;
  private volatile Instant noExpiryBefore = Instant.MIN;

  // Guarded by this.
  private Alarms.@Nullable Alarm alarm;
  private boolean held;

  LifetimeWatch(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
    this.untilSleep = new IdleTime(environment, host);
    this.untilDrop = new IdleTime(environment, host);
    this.known = ofPolicy();
  }

  /** Nobody ends what no policy covers. */
  private Lifetime ofPolicy() {
    return host.policies()
        .of(environment.name())
        .map(EnvironmentPolicy::lifetime)
        .orElse(Lifetime.ENDLESS);
  }

  /** That of the policy of now. One that is another one than before ends nothing at once. */
  private Lifetime lifetime() {
    Lifetime now = ofPolicy();
    if (!now.equals(known)) {
      beLenient(now);
      known = now;
    }
    return now;
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
    beLenient(lifetime());
  }

  private void beLenient(Lifetime lifetime) {
    untilSleep.putOff(lifetime.suspendAfter(), GRACE);
    untilDrop.putOff(lifetime.dropAfter(), GRACE);
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
    untilSleep.putOff(lifetime().suspendAfter(), WOKEN);
    begin();
  }

  /** Somebody wants it awake. */
  void resumed() {
    Duration length = lifetime().suspendAfter();
    if (length != null) {
      untilSleep.putOff(length, length);
      begin();
    }
  }

  /** What will end it, if nothing changes. Cheap. */
  Endings endings(EnvironmentRecord record) {
    return endings(record, lifetime());
  }

  private Endings endings(EnvironmentRecord record, Lifetime lifetime) {
    return new Endings(
            Ending.expiry(record, lifetime),
            Ending.idle(record, lifetime, environment.activity().last()))
        .notBefore(noExpiryBefore, noDropBefore);
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
    Lifetime lifetime = lifetime();
    Instant next = environment.isRunning() ? untilSleep.due(lifetime.suspendAfter()) : Instant.MAX;
    Endings endings = endings(pointer.record(), lifetime);
    Ending idle = endings.idleDrop();
    if (idle != null) {
      next = earlier(next, later(idle.at(), untilDrop.due(lifetime.dropAfter())));
    }
    Ending expiry = endings.expiry();
    if (expiry != null) {
      next = earlier(next, expiry.at());
    }
    Ending ending = endings.first();
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
      Lifetime lifetime = lifetime();
      if (expire(pointer, lifetime) || drop(pointer, lifetime)) {
        return;
      }
      warn(pointer.record(), lifetime);
      suspend(pointer.target(), lifetime.suspendAfter());
      begin();
    } catch (EnvironmentUnavailable e) {
      LOG.warn("environment {}: {}", environment.name(), e.getMessage(), e);
      wakeAt(host.clock().instant().plus(AFTER_FAILURE));
    }
  }

  private boolean expire(Pointer pointer, Lifetime lifetime) throws EnvironmentUnavailable {
    Ending expiry = endings(pointer.record(), lifetime).expiry();
    if (expiry == null || isToCome(expiry.at())) {
      return false;
    }
    environment.dropping().expired();
    LOG.info("environment {}: dropped, it has expired", environment.name());
    return true;
  }

  private boolean drop(Pointer pointer, Lifetime lifetime) throws EnvironmentUnavailable {
    Ending idle = endings(pointer.record(), lifetime).idleDrop();
    Duration length = lifetime.dropAfter();
    if (idle == null
        || length == null
        || isToCome(idle.at())
        || !untilDrop.isOverFor(length, pointer.target())) {
      return false;
    }
    if (environment.dropping().ifIdle(() -> untilDrop.isOver(length), TrashReason.IDLE)) {
      LOG.info(
          "environment {}: dropped after {} of idleness", environment.name(), Ending.words(length));
      return true;
    }
    untilDrop.putOff(length, AFTER_COMPANY);
    return false;
  }

  private void warn(EnvironmentRecord record, Lifetime lifetime) {
    Ending ending = endings(record, lifetime).first();
    if (ending != null && !isToCome(ending.warnFrom())) {
      environment.notices().log(ending);
    }
  }

  private void suspend(@Nullable Clone clone, @Nullable Duration length)
      throws EnvironmentUnavailable {
    if (clone == null || clone.server().isEmpty() || !untilSleep.isOverFor(length, clone)) {
      return;
    }
    if (!environment
        .suspending()
        .whenIdle(() -> untilSleep.isOver(length), () -> untilSleep.isOverFor(length, clone))) {
      untilSleep.putOff(length, AFTER_COMPANY);
    }
  }

  private boolean isToCome(Instant time) {
    return time.isAfter(host.clock().instant());
  }
}
