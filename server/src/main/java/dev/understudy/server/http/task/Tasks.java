package dev.understudy.server.http.task;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.http.Call;
import dev.understudy.server.http.Preference;
import dev.understudy.server.http.Reply;
import dev.understudy.server.http.Route;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.OperationException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Operations of late: those under way, and how others have ended. What has ended is remembered for
 * an hour, of very many the latest. Thread-safe.
 */
public final class Tasks implements AutoCloseable {
  static final String PATH = Route.ROOT + "/tasks";

  private static final Duration KEPT = Duration.ofHours(1);
  private static final int MOST = 1_000;
  private static final String UNDEFINED_OBJECT = "42704";

  private final InstantSource clock;
  private final Supplier<Duration> usualWait;
  private final List<Consumer<Task>> listeners = new ArrayList<>();
  private final CompletableFuture<Boolean> closing = new CompletableFuture<>();
  private final Map<String, Task> tasks = new LinkedHashMap<>();

  /**
   * @param usualWait how long clients wait who do not say
   */
  public Tasks(InstantSource clock, Supplier<Duration> usualWait) {
    this.clock = requireNonNull(clock, "clock is null");
    this.usualWait = requireNonNull(usualWait, "usualWait is null");
  }

  /** Hears of each task when it has begun and when it has ended; before the first one begins. */
  public void listen(Consumer<Task> listener) {
    listeners.add(requireNonNull(listener, "listener is null"));
  }

  /**
   * Begins an operation, or goes on waiting for the same one that the same actor has asked for and
   * that is under way.
   *
   * @param source whose data it works with; null: not known
   */
  public Task begin(
      Actor actor,
      String operation,
      String subject,
      @Nullable String source,
      Object request,
      Supplier<? extends CompletableFuture<?>> work) {
    Task task;
    synchronized (this) {
      Optional<Task> same =
          tasks.values().stream()
              .filter(other -> !other.hasEnded())
              .filter(other -> other.isOf(actor, operation, subject, request))
              .findFirst();
      if (same.isPresent()) {
        return same.get();
      }
      task =
          new Task(
              UUID.randomUUID().toString(),
              actor,
              operation,
              subject,
              source,
              request,
              work.get(),
              clock);
      tasks.put(task.id(), task);
      forget(clock.instant());
    }
    listeners.forEach(listener -> listener.accept(task));
    CompletableFuture<?> _ =
        task.work()
            .whenComplete((result, failure) -> {
              listeners.forEach(listener -> listener.accept(task));
            });
    return task;
  }

  /**
   * Whether the same has been asked for by the same actor, and was done, and something came of it.
   *
   * @param madeAt when what there is was made
   */
  public synchronized boolean hasMade(
      Actor actor, String operation, String subject, Object request, Instant madeAt) {
    return tasks.values().stream()
        .anyMatch(
            task -> task.mayHaveMade(madeAt) && task.isOf(actor, operation, subject, request));
  }

  /**
   * Waits for the end as the client prefers.
   *
   * @param done what is answered then
   */
  public Reply reply(Call call, Task task, Supplier<Reply> done) throws InterruptedException {
    Preference preference = call.preference(usualWait.get());
    Reply reply =
        task.await(preference.patience(), closing)
            ? done.get()
            : Reply.of(202, task.body()).with("Location", PATH + "/" + task.id());
    return preference.applied().isEmpty()
        ? reply
        : reply.with("Preference-Applied", preference.applied());
  }

  /** One's own, or for administrators of everything anybody's. */
  public synchronized List<Task> of(Actor actor) {
    forget(clock.instant());
    return tasks.values().stream().filter(task -> task.isFor(actor)).toList();
  }

  /**
   * One of those.
   *
   * @throws OperationException if there is none
   */
  Task find(Actor actor, String id) {
    return of(actor).stream()
        .filter(task -> task.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            OperationException.of(
                UNDEFINED_OBJECT,
                "there is no such task",
                "What has ended is remembered for an hour.",
                null));
  }

  private void forget(Instant now) {
    tasks.values().removeIf(task -> isOver(task.endedAt(), now));
    var oldest = tasks.values().iterator();
    while (tasks.size() > MOST && oldest.hasNext()) {
      if (oldest.next().hasEnded()) {
        oldest.remove();
      }
    }
  }

  private static boolean isOver(@Nullable Instant endedAt, Instant now) {
    return endedAt != null && endedAt.plus(KEPT).isBefore(now);
  }

  /** Nobody waits any more; what is under way goes on. Idempotent. */
  @Override
  public void close() {
    closing.complete(true);
  }
}
