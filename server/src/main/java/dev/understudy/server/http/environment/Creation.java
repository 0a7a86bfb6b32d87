package dev.understudy.server.http.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.server.http.Call;
import dev.understudy.server.http.Reply;
import dev.understudy.server.http.Route;
import dev.understudy.server.http.environment.Requests.Create;
import dev.understudy.server.http.task.Task;
import dev.understudy.server.http.task.Task.Making;
import dev.understudy.server.http.task.Tasks;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Operations;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes environments, so that who has lost an answer may ask once more: who asks for what is being
 * made waits for it, and who asks for what is there already is told so.
 */
final class Creation {
  private static final String OPERATION = "CREATE ENVIRONMENT";
  private static final String DUPLICATE_OBJECT = "42710";

  private final EnvironmentView view;
  private final Operations operations;
  private final Tasks tasks;

  Creation(EnvironmentView view, Operations operations, Tasks tasks) {
    this.view = requireNonNull(view, "view is null");
    this.operations = requireNonNull(operations, "operations is null");
    this.tasks = requireNonNull(tasks, "tasks is null");
  }

  Reply create(Call call) throws IOException, InterruptedException {
    Create request = call.body(Create.class, null);
    String name = request.requiredName();
    CreateFrom from = request.origin();
    String label = request.checkedLabel();
    Actor actor = call.actor();
    Optional<EnvironmentStatus> existing = view.find(actor, name);
    if (existing.isPresent()) {
      requireSame(actor, request, from, existing.get());
      return located(relabelled(call, name, label, existing.get()), name);
    }
    Task task =
        tasks.begin(
            actor,
            OPERATION,
            name,
            view.source(name),
            request,
            () -> begin(actor, name, request, from));
    return located(
        tasks.reply(
            call,
            task,
            () ->
                Reply.of(Boolean.FALSE.equals(task.created()) ? 200 : 201, view.body(actor, name))),
        name);
  }

  private CompletableFuture<Making> begin(
      Actor actor, String name, Create request, CreateFrom from) {
    CompletableFuture<?> begun = operations.create(actor, name, from, request.isFresh());
    CompletableFuture<Making> made =
        begun.handle((_, failure) -> making(actor, name, request, from, failure));
    String label = request.checkedLabel();
    return label == null
        ? made
        : made.thenCompose(making -> labelled(actor, name, label).thenApply(_ -> making));
  }

  private CompletableFuture<?> labelled(Actor actor, String name, String label) {
    return operations.label(actor, name, label);
  }

  /** Another may have made just that meanwhile. */
  private Making making(
      Actor actor, String name, Create request, CreateFrom from, @Nullable Throwable failure) {
    if (failure == null) {
      return new Making(true);
    }
    OperationException refusal = OperationException.of(failure);
    Optional<EnvironmentStatus> existing =
        refusal.sqlState().equals(DUPLICATE_OBJECT) ? view.find(actor, name) : Optional.empty();
    if (existing.isEmpty()) {
      throw refusal;
    }
    requireSame(actor, request, from, existing.get());
    return new Making(false);
  }

  /** A label that is given is what it is to be called, whoever made it. */
  private Reply relabelled(
      Call call, String name, @Nullable String label, EnvironmentStatus existing)
      throws InterruptedException {
    Actor actor = call.actor();
    if (label == null || Objects.equals(label, existing.label())) {
      return Reply.ok(view.body(existing));
    }
    Task task =
        tasks.begin(
            actor,
            "COMMENT ON ENVIRONMENT",
            name,
            view.source(name),
            label,
            () -> operations.label(actor, name, label));
    return tasks.reply(call, task, () -> Reply.ok(view.body(actor, name)));
  }

  private static Reply located(Reply reply, String name) {
    return reply.headers().containsKey("Location")
        ? reply
        : reply.with("Location", Route.ROOT + "/environments/" + name);
  }

  private void requireSame(
      Actor actor, Create request, CreateFrom from, EnvironmentStatus existing) {
    boolean isSame =
        !request.isFresh()
            && switch (from) {
              case CreateFrom.Policy _ -> true;
              case CreateFrom.Source(String source) -> source.equals(existing.source());
              case CreateFrom.Snapshot(String id) -> id.equals(existing.snapshot());
              // It is not kept of which one an environment is a branch.
              case CreateFrom.Environment _ -> false;
            };
    if (!isSame
        && !tasks.hasMade(actor, OPERATION, existing.name(), request, existing.createdAt())) {
      throw OperationException.of(
          DUPLICATE_OBJECT,
          "environment \"" + existing.name() + "\" already exists",
          "It is not known to be of the origin that is wanted.",
          "Drop it first, refresh it, or choose another name.");
    }
  }
}
