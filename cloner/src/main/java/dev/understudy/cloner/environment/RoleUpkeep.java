package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.RoleReading;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is known of an environment's roles as its clone has them: their passwords, how long
 * those hold, who may log in. Logins are checked against what is known here, and never ask the
 * server, so that nobody who has not authenticated makes it do anything.
 *
 * <p>Roles are changed by sessions, so they are read again after something was done: as soon as a
 * session has ended, a little later where one has sent something, when another clone takes its
 * place, and before its server is stopped, which is what a suspended environment goes by. Where
 * nobody does anything nothing is read: quiet sessions, of which pools keep many, cost nothing. Two
 * readings are never less than a second apart, and on a host or a server that takes its time over
 * them they take a small part of it. What a statement changes that runs for long while its session
 * sends nothing else is seen when that session sends something, or ends.
 *
 * <p>Where many are busy at once, those readings that no session's end brings about wait for each
 * other: all of them together take a tenth of the time, {@link EnvironmentHost#readings} being the
 * turns.
 *
 * <p>Clones whose passwords an earlier version replaced are left out: theirs cannot be told from
 * those that were set there. Thread-safe; all but {@link #beforeStop} return at once.
 */
final class RoleUpkeep {
  /**
   * More than the second in which a session that sends something tells of it once at most: what it
   * sends within that is done, too, when the reading begins.
   */
  static final Duration PAUSE = Duration.ofMillis(1200);

  /** What they take is a twentieth of the time at most, unless that makes them too rare. */
  private static final int SHARE = 20;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** So many times as long as a reading took no other begins for what a session has sent. */
  private static final int REST = 9;

  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  /** For another look at the server to end. */
  private static final Duration TURN = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(RoleUpkeep.class);

  private final Environment environment;
  private final EnvironmentHost host;

  // Guarded by this.
  private boolean due;
  private boolean busy;
  private boolean expected;
  private boolean usedSince;
  private @Nullable String warnedOf;
  private @Nullable String silent;

  RoleUpkeep(Environment environment, EnvironmentHost host) {
    this.environment = requireNonNull(environment, "environment is null");
    this.host = requireNonNull(host, "host is null");
  }

  private static boolean isOfConcern(Clone clone) {
    return clone.origin().replacementKey() != null;
  }

  /**
   * Something may be changed in the clone about now: a client has sent something, or the clone has
   * just become the environment's.
   */
  void used(Clone clone) {
    if (!isOfConcern(clone)) {
      return;
    }
    synchronized (this) {
      if (expected) {
        usedSince = true;
        return;
      }
      expected = true;
    }
    expect();
  }

  private void expect() {
    var _ = host.alarms().in(PAUSE, this::come);
  }

  private void come() {
    host.readings().take(this::taken);
  }

  /** There is a turn, which is given back. */
  private void taken() {
    boolean again;
    boolean rests;
    synchronized (this) {
      again = usedSince;
      usedSince = false;
      expected = again;
      rests = busy;
      due |= busy;
      busy = true;
    }
    if (again) {
      expect();
    }
    if (rests || !begin(this::runInTurn)) {
      host.readings().giveBack();
    }
  }

  private void runInTurn() {
    long began = System.nanoTime();
    try {
      run();
    } finally {
      Duration rest = Duration.ofNanos((System.nanoTime() - began) * REST);
      var _ =
          host.alarms()
              .in(
                  rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST,
                  host.readings()::giveBack);
    }
  }

  /** A session on the clone has ended. While its server is being stopped nothing is asked of it. */
  void left(Clone clone) {
    if (!isOfConcern(clone)) {
      return;
    }
    if (environment.state().isSettled()) {
      want();
    } else {
      used(clone);
    }
  }

  private void want() {
    synchronized (this) {
      if (busy) {
        due = true;
        return;
      }
      busy = true;
    }
    begin(this::run);
  }

  /** False: nothing begins any more. */
  private boolean begin(Runnable reading) {
    try {
      host.threads().execute(reading);
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("environment {}: its roles are read by the next daemon", environment.name());
      return false;
    }
  }

  private void run() {
    long began = System.nanoTime();
    try {
      Pointer pointer = environment.pointer();
      Clone clone = pointer == null ? null : pointer.target();
      if (clone != null && clone.server().isPresent() && isOfConcern(clone)) {
        readAndRecord(clone);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException e) {
      LOG.debug("environment {}: its roles are recorded by the next daemon", environment.name());
    } finally {
      var _ = host.alarms().in(pauseAfter(System.nanoTime() - began), this::rested);
    }
  }

  private void readAndRecord(Clone clone) throws InterruptedException {
    try {
      if (read(clone)) {
        environment.serial().execute(() -> record(clone));
      }
    } catch (SQLException e) {
      // A server that is being stopped says nothing more, or was asked once more before.
      if (environment.state().isSettled()) {
        tellSilence(clone, e);
      }
    }
  }

  private static Duration pauseAfter(long nanos) {
    return Duration.ofNanos(Math.clamp(nanos * SHARE, PAUSE.toNanos(), LONGEST_PAUSE.toNanos()));
  }

  private void rested() {
    synchronized (this) {
      if (!due) {
        busy = false;
        return;
      }
      due = false;
    }
    begin(this::run);
  }

  /**
   * Its server is about to be stopped: what it says last is what its next start is waited for with.
   * In the serial executor; blocks, for some seconds at most.
   */
  void beforeStop(Clone clone) throws InterruptedException {
    try {
      if (isOfConcern(clone) && clone.server().isPresent() && read(clone)) {
        record(clone);
      }
    } catch (SQLException e) {
      tellSilence(clone, e);
    }
  }

  /** False if there is nothing new. */
  private boolean read(Clone clone) throws SQLException, InterruptedException {
    Lock asking = clone.asking().writeLock();
    if (!asking.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    try {
      return take(clone, host.roles().read(clone));
    } finally {
      asking.unlock();
    }
  }

  /** Under the clone's lock: what is taken last was read last. */
  private synchronized boolean take(Clone clone, RoleReading reading) {
    Pointer pointer = environment.pointer();
    if (pointer == null || pointer.target() != clone) {
      return false;
    }
    silent = null;
    if ((reading.unusable() > 0 || reading.cut()) && !clone.id().equals(warnedOf)) {
      warnedOf = clone.id();
      LOG.warn(
          "environment {}: {}{}{}",
          environment.name(),
          reading.unusable() > 0
              ? reading.unusable() + " of its roles have a password that is no verifier"
              : "",
          reading.unusable() > 0 && reading.cut() ? ", and " : "",
          reading.cut() ? "it has more roles than are kept: the youngest cannot log in" : "");
    }
    return clone.know(reading.roles());
  }

  private synchronized void tellSilence(Clone clone, SQLException failure) {
    if (clone.server().isPresent() && !clone.id().equals(silent)) {
      silent = clone.id();
      LOG.warn(
          "environment {}: its server does not tell its roles; what is known of them holds on: {}",
          environment.name(),
          failure instanceof SQLTimeoutException
              ? "no answer in time"
              : "SQLSTATE " + failure.getSQLState()); // its words may mean ill
    }
  }

  /** In the serial executor. */
  private void record(Clone clone) {
    Pointer pointer = environment.pointer();
    if (pointer == null || pointer.target() != clone) {
      return;
    }
    try {
      clone.recordRoles();
    } catch (IOException e) {
      LOG.warn(
          "environment {}: its roles could not be recorded, which the next daemon will miss: {}",
          environment.name(),
          e.toString());
    }
  }
}
