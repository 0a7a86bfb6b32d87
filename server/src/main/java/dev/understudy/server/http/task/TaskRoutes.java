package dev.understudy.server.http.task;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.http.Call;
import dev.understudy.server.http.Page;
import dev.understudy.server.http.Reply;
import dev.understudy.server.http.Route;
import java.util.Comparator;
import java.util.List;

/** Tasks, to be looked after. */
public final class TaskRoutes {
  private final Tasks tasks;

  public TaskRoutes(Tasks tasks) {
    this.tasks = requireNonNull(tasks, "tasks is null");
  }

  public List<Route> all() {
    return List.of(
        Route.get(Tasks.PATH, this::list, "limit", "cursor"),
        Route.get(Tasks.PATH + "/{id}", this::one));
  }

  private Reply list(Call call) {
    List<Task> sorted =
        tasks.of(call.actor()).stream().sorted(Comparator.comparing(Task::id)).toList();
    return Page.reply(call, Tasks.PATH, sorted, Task::id, Task::body);
  }

  private Reply one(Call call) {
    return Reply.ok(tasks.find(call.actor(), call.path("id")).body());
  }
}
