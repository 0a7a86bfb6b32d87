package dev.understudy.cloner.environment;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.idle.Silence;
import dev.understudy.cloner.idle.Verdict;
import dev.understudy.cloner.trash.TrashReason;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops one environment once it has been idle for its policy's time. Sleeps until the earliest
 * moment at which that could be true; activity costs it nothing. Thread-safe.
 */
final class IdleWatch {
  /** After a start of the daemon clients get the time to come back. */
  static final Duration GRACE = Duration.ofMinutes(5);

  private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(IdleWatch.class);

  private final Environment environment;
  private final EnvironmentHost host;
  private final SerialExecutor serial;
  private final Duration idleTime;
  private final Silence silence = new Silence();
  private volatile Instant notBefore = Instant.MIN;

  // Guarded by this.
  private Alarms.@Nullable Alarm alarm;
  private boolean held;

  IdleWatch(
      Environment environment, EnvironmentHost host, SerialExecutor serial, Duration idleTime) {
    this.environment = environment;
    this.host = host;
    this.serial = serial;
    this.idleTime = idleTime;
  }

  /** Looks when it could be idle at the earliest. */
  void begin() {
    wakeAt(environment.activity().last().plus(idleTime));
  }

  /** For one that an earlier daemon made: does not look while nobody can connect. */
  synchronized void hold() {
    held = true;
  }

  /** Clients can connect from now on. Looks once it is told to begin. */
  synchronized void release() {
    if (held) {
      held = false;
      Duration grace = idleTime.compareTo(GRACE) < 0 ? idleTime : GRACE;
      notBefore = host.clock().instant().plus(grace);
    }
  }

  synchronized void end() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
  }

  private synchronized void wakeAt(Instant time) {
    end();
    if (!held) {
      alarm = host.alarms().at(time.isBefore(notBefore) ? notBefore : time, this::wake);
    }
  }

  /** On the alarms' thread: most often somebody was active meanwhile, and that is all. */
  private void wake() {
    if (ofClients() instanceof Verdict.Awake(Instant lookAgain)) {
      wakeAt(lookAgain);
    } else {
      try {
        serial.execute(this::look);
      } catch (RejectedExecutionException e) {
        LOG.debug("environment {} is looked at by the next daemon", environment.name());
      } catch (Throwable e) { // there may be no room for a thread
        lookLater(e);
      }
    }
  }

  private Verdict ofClients() {
    return host.idleness()
        .ofClients(
            environment.activity().last(), environment.sessions().lastConnecting(), idleTime);
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
    if (pointer == null || host.closed().get()) {
      return;
    }
    Clone clone = pointer.target();
    Verdict verdict = ofClients();
    if (verdict instanceof Verdict.Idle && clone != null) {
      verdict = host.idleness().ofServer(clone, idleTime, environment.activity().last(), silence);
    }
    switch (verdict) {
      case Verdict.Awake(Instant lookAgain) -> wakeAt(lookAgain);
      case Verdict.Working() -> {
        environment.activity().touch();
        begin();
      }
      case Verdict.Idle() -> drop();
    }
  }

  private void drop() {
    try {
      if (environment.dropIdle(() -> ofClients() instanceof Verdict.Idle, TrashReason.IDLE)) {
        LOG.info("environment {}: dropped after {} of idleness", environment.name(), idleTime);
      } else {
        wake();
      }
    } catch (EnvironmentUnavailable e) {
      LOG.warn("environment {}: {}", environment.name(), e.getMessage(), e);
      wakeAt(host.clock().instant().plus(AFTER_FAILURE));
    }
  }
}
