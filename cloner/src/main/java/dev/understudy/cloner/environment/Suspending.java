package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.idle.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the server of an environment, whose data stays; the next connect wakes it. Its quiet
 * sessions let go of it before; what else is open ends with it.
 */
final class Suspending {
  /** For its sessions to let go, and its server to stop. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** How long sessions are, at least, before another environment gets the place of theirs. */
  static final Duration QUIET = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Suspending.class);

  /** Why a server is stopped. */
  private enum Occasion {
    BY_HAND("by hand"),
    IDLENESS("as nobody uses it"),
    ANOTHER("to make room for another"),
    SUCCESSOR("to make room for its own successor");

    private final String words;

    Occasion(String words) {
      this.words = words;
    }
  }

  private final Environment environment;
  private final EnvironmentHost host;
  private volatile boolean ending;

  Suspending(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /**
   * Stops its server if it {@link #mayGiveWay} and does nothing; the next connect starts it. Blocks
   * until nothing keeps the server from ending any more, and never for what is being done to the
   * environment already; not in its own serial executor.
   */
  Room ifIdle() throws EnvironmentUnavailable {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    try {
      if (!environment.serial().executeIfIdle(() -> run(result, () -> makeRoom(result)))) {
        return Room.BUSY;
      }
    } catch (RejectedExecutionException e) {
      throw Refusals.shuttingDown();
    }
    return await(result) ? Room.MADE : Room.NONE;
  }

  private static boolean await(CompletableFuture<Boolean> result) throws EnvironmentUnavailable {
    try {
      return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      result.cancel(false);
      throw Refusals.shuttingDown();
    } catch (ExecutionException | TimeoutException e) {
      result.cancel(false);
      return false;
    }
  }

  /**
   * Stops its server because somebody wants it. Completes with false if it does not run; fails
   * where there is no such environment, and where it is in use.
   *
   * @param force whoever uses it loses what they are doing
   */
  CompletableFuture<Boolean> ask(boolean force) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    environment.tasks().execute(() -> run(result, () -> byHand(force)), result);
    return result;
  }

  private void run(CompletableFuture<Boolean> result, Outcome.Work<Boolean> work) {
    if (result.isCancelled()) {
      return; // room was found elsewhere
    }
    Outcome<Boolean> outcome = Outcome.of("suspended", environment.name(), work);
    outcome.tell(result);
    environment.retireIfNothing();
  }

  /**
   * @param made told as soon as its server is about to end: somebody waits
   */
  private boolean makeRoom(CompletableFuture<Boolean> made) throws EnvironmentUnavailable {
    host.requireOpen();
    Pointer pointer = environment.pointer();
    Clone clone = pointer == null ? null : pointer.target();
    return clone != null
        && clone.server().isPresent()
        && mayGiveWay()
        && host.idleness().isQuiet(clone)
        && stop(
            clone,
            this::mayGiveWay,
            () -> host.idleness().isQuiet(clone),
            () -> made.complete(true),
            Occasion.ANOTHER);
  }

  /** As far as clients go, another one may have its place. Cheap. */
  boolean mayGiveWay() {
    return environment.sessions().count() == 0 || (sleepsByItself() && isQuiet());
  }

  /** Who is never to be parked says so. */
  private boolean sleepsByItself() {
    return host.policies()
        .of(environment.name())
        .filter(policy -> policy.lifetime().suspendAfter() != null)
        .isPresent();
  }

  private boolean isQuiet() {
    return host.idleness()
            .ofClients(
                environment.activity().last(), environment.sessions().lastConnecting(), QUIET)
        instanceof Verdict.Idle;
  }

  private boolean byHand(boolean force) throws EnvironmentUnavailable {
    host.requireOpen();
    Pointer pointer = environment.pointer();
    if (pointer == null) {
      throw OperationRefusals.doesNotExist(environment.name());
    }
    Clone clone = pointer.target();
    if (clone == null || clone.server().isEmpty()) {
      return false;
    }
    if (!(force
        ? stop(clone, () -> true, () -> true, () -> {}, Occasion.BY_HAND)
        : stopIfQuiet(clone))) {
      throw OperationRefusals.mayBeUsed(environment.name(), "SUSPEND");
    }
    return true;
  }

  private boolean stopIfQuiet(Clone clone) throws EnvironmentUnavailable {
    long touches = environment.activity().touches();
    BooleanSupplier untouched =
        () ->
            environment.activity().touches() == touches
                && !environment.sessions().isAnyConnecting(host.clock().instant());
    BooleanSupplier quiet = () -> host.idleness().isQuiet(clone);
    return untouched.getAsBoolean()
        && quiet.getAsBoolean()
        && stop(clone, untouched, quiet, () -> {}, Occasion.BY_HAND);
  }

  /**
   * Stops its server unless somebody comes meanwhile. In the serial executor.
   *
   * @param stillIdle asked under the lock of the state, and once more when its sessions know
   * @param stillQuiet may block; asked last, if a session has not let go
   * @return false if somebody came
   */
  boolean whenIdle(BooleanSupplier stillIdle, BooleanSupplier stillQuiet)
      throws EnvironmentUnavailable {
    Pointer pointer = environment.pointer();
    Clone clone = pointer == null ? null : pointer.target();
    return clone != null && stop(clone, stillIdle, stillQuiet, () -> {}, Occasion.IDLENESS);
  }

  /**
   * Stops its server, whoever uses it or waits for it, as another one takes its place. In the
   * serial executor.
   *
   * @return false if it runs on
   */
  boolean now(Clone clone) throws EnvironmentUnavailable {
    environment.state().beginMove(() -> true);
    return stopBegun(clone, () -> true, () -> true, () -> {}, Occasion.SUCCESSOR);
  }

  /**
   * Stops it unless somebody came.
   *
   * @param stillQuiet asked of the server if a session has not let go: what it has begun since may
   *     not count as use yet
   * @param sure told as soon as nothing keeps the server from ending any more
   */
  private boolean stop(
      Clone clone,
      BooleanSupplier stillIdle,
      BooleanSupplier stillQuiet,
      Runnable sure,
      Occasion occasion)
      throws EnvironmentUnavailable {
    return environment.state().beginIdleStop(stillIdle)
        && stopBegun(clone, stillIdle, stillQuiet, sure, occasion);
  }

  private boolean stopBegun(
      Clone clone,
      BooleanSupplier stillIdle,
      BooleanSupplier stillQuiet,
      Runnable sure,
      Occasion occasion)
      throws EnvironmentUnavailable {
    try {
      environment.sessions().letGo(clone);
      if (!stillIdle.getAsBoolean()
          || (environment.sessions().isAnyOn(clone) && !stillQuiet.getAsBoolean())) {
        return false; // somebody sent something at the last moment
      }
      ending = true;
      sure.run();
      environment.roles().beforeStop(clone);
      Set<Clone> stopped = host.clones().stop(List.of(clone));
      if (stopped.isEmpty()) {
        throw Refusals.notStopped(environment.name());
      }
      settle(stopped, occasion);
      environment.privateLimit().measureSoon();
      LOG.info("environment {}: put to sleep, {}", environment.name(), occasion.words);
      return true;
    } catch (IOException e) {
      LOG.warn("{}: its sleep could not be recorded: {}", clone, e.toString());
      return clone.server().isEmpty();
    } catch (InterruptedException e) {
      throw Refusals.shuttingDown();
    } finally {
      ending = false;
      environment.state().endStop();
    }
  }

  private void settle(Set<Clone> stopped, Occasion occasion) throws IOException {
    if (occasion == Occasion.ANOTHER) { // which waits, and needs the disk
      host.clones().recordSleep(stopped);
      host.settling().add(environment);
    } else {
      host.clones().settle(stopped);
      environment.forceRecord();
    }
  }

  /** Its server may run, and is about to end. */
  boolean isEnding() {
    return ending;
  }
}
