package dev.understudy.cloner.idle;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Jump;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.postgres.RunningServer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What idle means. An environment is idle when for its whole time no client has sent anything
 * (logins and keep-alive probes are nothing), no session is in the middle of connecting, and its
 * server does nothing for anybody: no statement runs, no walsender, and no open transaction was
 * used within the last hour. Autovacuum and the like do not count, nor do sessions that are just
 * open.
 *
 * <p>A server that does not answer is not idle, but not for ever: a superuser of the clone could
 * make it immortal.
 *
 * <p>In two parts, as the second one costs a connection: what the proxy saw, then what the server
 * says.
 */
public final class Idleness {
  /**
   * From a session's lease to its first query, or the idle time where that is less; a pool that
   * only connects is no user.
   */
  public static final Duration CONNECTING = Duration.ofSeconds(30);

  public static final Duration OPEN_TRANSACTION = Duration.ofHours(1);

  /** How long at least a server that does not answer and that no client uses is put up with. */
  public static final Duration SILENCE = Duration.ofHours(1);

  /** The same, in idle times. */
  private static final int SILENT_IDLE_TIMES = 3;

  /** What a server that cannot answer any more may take to its end. */
  private static final Duration ENDING = Duration.ofMillis(500);

  /** For another session of the daemon's own to end. */
  private static final Duration TURN = Duration.ofSeconds(5);

  /** After an answer that could not be had. */
  private static final Duration RETRY = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Idleness.class);

  private final InstantSource clock;
  private final ServerWatch watch;

  /** Until then nobody knows of a transaction from after now for how long it has been quiet. */
  private volatile Instant aheadUntil;

  /** The same of any transaction. */
  private volatile Instant unknownUntil = Instant.MIN;

  public Idleness(InstantSource clock, ServerWatch watch) {
    this.clock = requireNonNull(clock, "clock is null");
    this.watch = requireNonNull(watch, "watch is null");
    this.aheadUntil = clock.instant().plus(OPEN_TRANSACTION);
  }

  /** Servers tell by the clock for how long a transaction has been quiet. */
  public void clockJumped(Jump jump) {
    aheadUntil = jump.now().plus(OPEN_TRANSACTION);
    unknownUntil = aheadUntil;
  }

  /** What the proxy saw: cheap. */
  public Verdict ofClients(
      Instant lastActivity, Optional<Instant> lastConnecting, Duration idleTime) {
    Instant due = lastActivity.plus(idleTime);
    Instant now = clock.instant();
    Duration connecting = idleTime.compareTo(CONNECTING) < 0 ? idleTime : CONNECTING;
    // Who came in the future came before the clock was set back.
    Instant connected =
        lastConnecting
            .filter(time -> !time.isAfter(now))
            .map(time -> time.plus(connecting))
            .orElse(due);
    Instant later = due.isAfter(connected) ? due : connected;
    return later.isAfter(now) ? new Verdict.Awake(later) : new Verdict.Idle();
  }

  /**
   * What the server says: blocks. A server that has ended does nothing.
   *
   * @param lastActivity of a client
   * @param silence of this server; counted on
   */
  public Verdict ofServer(Clone clone, Duration idleTime, Instant lastActivity, Silence silence) {
    Optional<RunningServer> server = clone.server();
    if (server.isEmpty()) {
      return new Verdict.Idle();
    }
    try {
      ServerWork work = look(clone, server.get());
      silence.end();
      return judge(work, idleTime);
    } catch (Throwable e) { // what the server sends may be more than there is memory
      return clone.server().isEmpty()
          ? new Verdict.Idle()
          : unanswered(clone, idleTime, silence.grow(clock.instant(), lastActivity), e);
    }
  }

  /** No statement runs, no walsender, no transaction is open. Blocks; false without an answer. */
  public boolean isQuiet(Clone clone) {
    Optional<RunningServer> server = clone.server();
    if (server.isEmpty()) {
      return true;
    }
    try {
      ServerWork work = look(clone, server.get());
      return !work.busy() && work.openTransaction() == null;
    } catch (Throwable e) { // what the server sends may be more than there is memory
      if (endsNow(server.get())) {
        return true;
      }
      LOG.warn("{} does not tell whether it is idle: {}", clone, e.toString());
      return false;
    }
  }

  /** One that lost a process says, until it has ended, that it recovers. */
  private static boolean endsNow(RunningServer server) {
    try {
      server.onExit().get(ENDING.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return !server.isRunning();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !server.isRunning();
    }
  }

  /**
   * How many sessions are in the middle of something. Blocks.
   *
   * @return empty if the server does not answer
   */
  public OptionalInt busySessions(Clone clone) {
    Optional<RunningServer> server = clone.server();
    if (server.isEmpty()) {
      return OptionalInt.of(0);
    }
    try {
      return OptionalInt.of(look(clone, server.get()).sessions());
    } catch (Throwable e) { // what the server sends may be more than there is memory
      if (endsNow(server.get())) {
        return OptionalInt.of(0);
      }
      LOG.warn("{} does not tell whether it is used: {}", clone, e.toString());
      return OptionalInt.empty();
    }
  }

  private ServerWork look(Clone clone, RunningServer server) throws SQLException {
    Lock asking = clone.asking().readLock();
    boolean asks = false;
    try {
      // Who has it alone is soon done, or else the server does not answer.
      asks = asking.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS);
      return watch.look(server.socket(), clone.origin().superuser());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while asking", e);
    } finally {
      if (asks) {
        asking.unlock();
      }
    }
  }

  private Verdict unanswered(Clone clone, Duration idleTime, Duration silent, Throwable failure) {
    Duration times = idleTime.multipliedBy(SILENT_IDLE_TIMES);
    if (silent.compareTo(times.compareTo(SILENCE) > 0 ? times : SILENCE) >= 0) {
      LOG.warn("{} has not told for {} whether it is idle, so it is: {}", clone, silent, failure);
      return new Verdict.Idle();
    }
    LOG.warn("{} does not tell whether it is idle, so it is not: {}", clone, failure);
    return new Verdict.Awake(clock.instant().plus(RETRY));
  }

  private Verdict judge(ServerWork work, Duration idleTime) {
    if (work.busy()) {
      return new Verdict.Working();
    }
    Instant now = clock.instant();
    Instant over = transactionOver(work.openTransaction(), now);
    if (!over.isAfter(now)) {
      return new Verdict.Idle();
    }
    Instant latest = now.plus(idleTime);
    return new Verdict.Awake(over.isBefore(latest) ? over : latest);
  }

  /** When a transaction that is still open then keeps it awake no more. */
  private Instant transactionOver(@Nullable Duration open, Instant now) {
    if (open == null) {
      return Instant.MIN;
    }
    if (open.isNegative()) {
      return aheadUntil;
    }
    Instant over = now.plus(OPEN_TRANSACTION).minus(open);
    return over.isBefore(unknownUntil) ? unknownUntil : over;
  }
}
