package dev.understudy.server.http.task;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.http.Problem;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.OperationException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An operation that was asked for, and what came of it. Thread-safe. */
public final class Task {
  private static final Logger LOG = LoggerFactory.getLogger(Task.class);

  private final String id;
  private final Actor actor;
  private final String operation;
  private final String subject;
  private final @Nullable String source;
  private final Object request;
  private final Instant startedAt;
  private final CompletableFuture<?> work;
  private volatile @Nullable Instant endedAt;

  /**
   * @param source whose data is worked with; null: not known
   * @param request what was asked for, to recognise it when it is asked for again
   * @param work completes when it is done; fails with an {@link OperationException}
   */
  Task(
      String id,
      Actor actor,
      String operation,
      String subject,
      @Nullable String source,
      Object request,
      CompletableFuture<?> work,
      InstantSource clock) {
    this.id = requireNonNull(id, "id is null");
    this.actor = requireNonNull(actor, "actor is null");
    this.operation = requireNonNull(operation, "operation is null");
    this.subject = requireNonNull(subject, "subject is null");
    this.source = source;
    this.request = requireNonNull(request, "request is null");
    this.startedAt = clock.instant();
    this.work =
        work.whenComplete((result, failure) -> {
          endedAt = clock.instant();
          if (failure != null && !isForeseen(failure)) {
            LOG.error("{} {} failed", operation, subject, failure);
          }
        });
  }

  public String id() {
    return id;
  }

  /** Whether an actor may know of it: one's own, or for administrators of everything any. */
  public boolean isFor(Actor other) {
    return actor.login().equals(other.login()) || other.steersAll();
  }

  CompletableFuture<?> work() {
    return work;
  }

  boolean hasEnded() {
    return work.isDone();
  }

  @Nullable Instant endedAt() {
    return endedAt;
  }

  /** Whether it is just this that is asked for, by the same one. */
  boolean isOf(Actor other, String otherOperation, String otherSubject, Object otherRequest) {
    return actor.login().equals(other.login())
        && operation.equals(otherOperation)
        && subject.equals(otherSubject)
        && request.equals(otherRequest);
  }

  /**
   * What the making of something came to, as the result of the work.
   *
   * @param created false: it was there by then, made by another
   */
  public record Making(boolean created) {}

  /** Null: it is not over, has failed, or makes nothing. */
  public @Nullable Boolean created() {
    if (work.state() == Future.State.SUCCESS && work.resultNow() instanceof Making(var created)) {
      return created;
    }
    return null;
  }

  /** Whether it was done, and something that was made at a time may be its work. */
  boolean mayHaveMade(Instant time) {
    Instant end = endedAt;
    return work.isDone()
        && !work.isCompletedExceptionally()
        && !time.isBefore(startedAt)
        && (end == null || !time.isAfter(end));
  }

  /**
   * Waits for its end.
   *
   * @param closing completes when nobody is to wait any more
   * @return false if it has not come by then
   * @throws OperationException if it has failed
   */
  boolean await(Duration longest, CompletableFuture<?> closing) throws InterruptedException {
    try {
      CompletableFuture.anyOf(work, closing).get(longest.toNanos(), TimeUnit.NANOSECONDS);
      if (!work.isDone()) {
        throw OperationException.of(
            "57P01",
            "Understudy is shutting down",
            "The operation may have been done, or not.",
            null);
      }
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  /** As it is told. */
  public TaskBody body() {
    boolean over = work.isDone(); // first: it may end meanwhile
    Problem problem = null;
    if (over && work.isCompletedExceptionally()) {
      problem = Problem.of(failure(work.exceptionNow()));
    }
    return new TaskBody(
        id,
        operation,
        subject,
        source,
        over ? (problem == null ? "done" : "failed") : "running",
        created(),
        startedAt,
        endedAt,
        problem);
  }

  private static boolean isForeseen(Throwable e) {
    return unwrapped(e) instanceof OperationException;
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable e) {
    return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
  }

  private static OperationException failure(@Nullable Throwable e) {
    Throwable cause = unwrapped(e);
    return cause instanceof OperationException known
        ? known
        : OperationException.of(
            "58000", "the operation failed", null, "The log of Understudy has the reason.");
  }
}
