package dev.understudy.server.http.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.server.http.Call;
import dev.understudy.server.http.Page;
import dev.understudy.server.http.Reply;
import dev.understudy.server.http.Route;
import dev.understudy.server.http.task.Task;
import dev.understudy.server.http.task.Tasks;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.Interval;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.operate.Vocabulary;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is asked of environments, and what is done to them. */
public final class EnvironmentRoutes {
  private static final String ALL = Route.ROOT + "/environments";
  private static final String ONE = ALL + "/{name}";
  private static final String CLONES = Route.ROOT + "/clones";
  private static final String TRASH = Route.ROOT + "/trash";
  private static final int USUAL_LINES = 100;
  private static final int MOST_LINES = 10_000;

  private final EnvironmentView view;
  private final Operations operations;
  private final Tasks tasks;
  private final Supplier<Duration> undropWindow;
  private final Creation creation;

  public EnvironmentRoutes(
      EnvironmentView view, Operations operations, Tasks tasks, Supplier<Duration> undropWindow) {
    this.view = requireNonNull(view, "view is null");
    this.operations = requireNonNull(operations, "operations is null");
    this.tasks = requireNonNull(tasks, "tasks is null");
    this.undropWindow = requireNonNull(undropWindow, "undropWindow is null");
    this.creation = new Creation(view, operations, tasks);
  }

  public List<Route> all() {
    return List.of(
        Route.get(ALL, this::list, "limit", "cursor", "usage"),
        Route.post(ALL, creation::create),
        Route.get(ONE, this::one, "usage"),
        Route.delete(ONE, this::drop),
        Route.get(ONE + "/log", this::log, "lines"),
        Route.put(ONE + "/label", this::label),
        Route.post(ONE + "/refresh", this::refresh),
        Route.post(ONE + "/reset", this::reset),
        Route.post(ONE + "/suspend", this::suspend),
        Route.post(ONE + "/resume", this::resume),
        Route.post(ONE + "/protect", call -> guard(call, true)),
        Route.post(ONE + "/unprotect", call -> guard(call, false)),
        Route.post(ONE + "/extend", this::extend),
        Route.post(ONE + "/undrop", this::undrop),
        Route.get(CLONES, this::clones, "limit", "cursor"),
        Route.get(TRASH, this::trash, "limit", "cursor"));
  }

  private Reply list(Call call) {
    boolean withStorage = call.flag("usage");
    return Page.reply(
        call,
        ALL,
        view.all(call.actor()),
        EnvironmentStatus::name,
        status -> withStorage ? view.bodyWithStorage(status) : view.body(status));
  }

  private Reply one(Call call) throws InterruptedException {
    EnvironmentStatus status = view.get(call.actor(), call.path("name"));
    return Reply.ok(call.flag("usage") ? view.measured(status) : view.body(status));
  }

  /** What the server of an environment has logged last. */
  private record Log(String environment, List<String> lines) {}

  private Reply log(Call call) {
    String name = call.path("name");
    int most = call.number("lines", USUAL_LINES, 1, MOST_LINES);
    return Reply.ok(new Log(name, operations.lastLogLines(call.actor(), name, most)));
  }

  private Reply clones(Call call) {
    List<EnvironmentStatus> all =
        view.all(call.actor()).stream().filter(status -> status.target() != null).toList();
    return Page.reply(
        call,
        CLONES,
        all,
        EnvironmentStatus::name,
        status ->
            new CloneBody(
                status.name(),
                String.valueOf(status.target()),
                Vocabulary.state(status),
                view.storage(status)));
  }

  /** Youngest first, as the numbers that they were given tell. */
  private Reply trash(Call call) {
    Duration window = undropWindow.get();
    return Page.reply(
        call,
        TRASH,
        operations.trash(call.actor()),
        trashed -> "%019d %s".formatted(Long.MAX_VALUE - trashed.number(), trashed.id()),
        trashed -> TrashBody.of(trashed, window));
  }

  private Reply refresh(Call call) throws IOException, InterruptedException {
    Requests.Forcible request = call.body(Requests.Forcible.class, Requests.Forcible.EMPTY);
    Actor actor = call.actor();
    return changed(
        call, "REFRESH", request, name -> operations.refresh(actor, name, request.isForced()));
  }

  private Reply reset(Call call) throws IOException, InterruptedException {
    Requests.Forcible request = call.body(Requests.Forcible.class, Requests.Forcible.EMPTY);
    Actor actor = call.actor();
    return changed(
        call, "RESET", request, name -> operations.reset(actor, name, request.isForced()));
  }

  private Reply suspend(Call call) throws IOException, InterruptedException {
    Requests.Forcible request = call.body(Requests.Forcible.class, Requests.Forcible.EMPTY);
    Actor actor = call.actor();
    return changed(
        call, "SUSPEND", request, name -> operations.suspend(actor, name, request.isForced()));
  }

  private Reply resume(Call call) throws IOException, InterruptedException {
    Requests.Plain request = call.body(Requests.Plain.class, Requests.Plain.EMPTY);
    return changed(call, "RESUME", request, name -> operations.resume(call.actor(), name));
  }

  private Reply guard(Call call, boolean guarded) throws IOException, InterruptedException {
    Requests.Plain request = call.body(Requests.Plain.class, Requests.Plain.EMPTY);
    return changed(
        call,
        guarded ? "PROTECT" : "UNPROTECT",
        request,
        name -> operations.guard(call.actor(), name, guarded));
  }

  private Reply extend(Call call) throws IOException, InterruptedException {
    Requests.Extension request = call.body(Requests.Extension.class, null);
    if (request.by() == null) {
      throw Call.invalid("\"by\" is missing");
    }
    Duration by = Interval.parse(request.by());
    return changed(call, "EXTEND", request, name -> operations.extend(call.actor(), name, by));
  }

  private Reply label(Call call) throws IOException, InterruptedException {
    Requests.Relabelling request = call.body(Requests.Relabelling.class, null);
    String text = request.checked();
    return changed(call, "COMMENT ON", request, name -> operations.label(call.actor(), name, text));
  }

  private Reply changed(
      Call call,
      String verb,
      Object request,
      Function<String, ? extends CompletableFuture<?>> operation)
      throws InterruptedException {
    String name = call.path("name");
    Task task =
        tasks.begin(
            call.actor(),
            verb + " ENVIRONMENT",
            name,
            view.source(name),
            request,
            () -> operation.apply(name));
    return tasks.reply(call, task, () -> Reply.ok(view.body(call.actor(), name)));
  }

  private Reply drop(Call call) throws InterruptedException {
    String name = call.path("name");
    Task task =
        tasks.begin(
            call.actor(),
            "DROP ENVIRONMENT",
            name,
            view.source(name),
            Requests.Plain.EMPTY,
            () -> operations.drop(call.actor(), name, false));
    return tasks.reply(call, task, Reply::nothing);
  }

  private Reply undrop(Call call) throws IOException, InterruptedException {
    Requests.Undrop request = call.body(Requests.Undrop.class, Requests.Undrop.EMPTY);
    String former = call.path("name");
    String as = request.as() == null ? former : request.as();
    Task task =
        tasks.begin(
            call.actor(),
            "UNDROP ENVIRONMENT",
            former,
            view.source(as),
            request,
            () -> operations.undrop(call.actor(), former, as));
    return tasks.reply(call, task, () -> Reply.ok(view.body(call.actor(), as)));
  }
}
