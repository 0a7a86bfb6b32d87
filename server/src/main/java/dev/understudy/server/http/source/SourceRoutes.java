package dev.understudy.server.http.source;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.snapshot.Finding;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import dev.understudy.server.http.Call;
import dev.understudy.server.http.Page;
import dev.understudy.server.http.Reply;
import dev.understudy.server.http.Route;
import dev.understudy.server.http.task.Task;
import dev.understudy.server.http.task.Tasks;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.operate.Snapshots;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Sources, their snapshots with what was found in them, and one more of these. */
public final class SourceRoutes {
  private static final String ALL = Route.ROOT + "/sources";
  private static final String ONE = ALL + "/{name}";
  private static final String SNAPSHOTS = Route.ROOT + "/snapshots";
  private static final String UNDEFINED_OBJECT = "42704";

  private final Cloner cloner;
  private final Operations operations;
  private final Tasks tasks;
  private final Supplier<Settings> settings;
  private final Snapshots snapshots;

  public SourceRoutes(
      Cloner cloner,
      Operations operations,
      Tasks tasks,
      Supplier<Settings> settings,
      Snapshots snapshots) {
    this.cloner = requireNonNull(cloner, "cloner is null");
    this.operations = requireNonNull(operations, "operations is null");
    this.tasks = requireNonNull(tasks, "tasks is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
  }

  public List<Route> all() {
    return List.of(
        Route.get(ALL, this::list, "limit", "cursor"),
        Route.get(ONE, this::one),
        Route.post(ONE + "/snapshots", this::cut),
        Route.get(SNAPSHOTS, this::snapshots, "limit", "cursor", "source"),
        Route.get(SNAPSHOTS + "/{id}/findings", this::findings, "limit", "cursor"));
  }

  private Reply list(Call call) {
    List<Source> sorted =
        settings.get().sources().values().stream()
            .sorted(Comparator.comparing(Source::name))
            .toList();
    return Page.reply(call, ALL, sorted, Source::name, this::body);
  }

  private Reply one(Call call) {
    return Reply.ok(body(source(call.path("name"))));
  }

  private Reply snapshots(Call call) {
    String wanted = call.query("source");
    List<Snapshot> sorted =
        snapshots.all().stream()
            .filter(snapshot -> wanted == null || wanted.equals(snapshot.source()))
            .sorted(Comparator.comparing(SourceRoutes::youngestFirst))
            .toList();
    return Page.reply(call, SNAPSHOTS, sorted, SourceRoutes::youngestFirst, SnapshotBody::of);
  }

  private static String youngestFirst(Snapshot snapshot) {
    return "%019d %s"
        .formatted(Long.MAX_VALUE - snapshot.createdAt().toEpochMilli(), snapshot.id());
  }

  /** They never change, so that their places tell them apart. */
  private Reply findings(Call call) {
    Snapshot snapshot = snapshots.named(call.path("id"));
    List<Finding> findings = Snapshots.findings(snapshot);
    return Page.reply(
        call,
        "%s/%s/findings".formatted(SNAPSHOTS, snapshot.id()),
        IntStream.range(0, findings.size()).boxed().toList(),
        "%09d"::formatted,
        place -> FindingBody.of(findings.get(place)));
  }

  private Reply cut(Call call) throws IOException, InterruptedException {
    NoWords request = call.body(NoWords.class, new NoWords());
    String source = call.path("name");
    Task task =
        tasks.begin(
            call.actor(),
            "SNAPSHOT SOURCE",
            source,
            source,
            request,
            () -> operations.cutSnapshot(call.actor(), source));
    return tasks.reply(
        call, task, () -> Reply.of(201, SnapshotBody.of(cloner.snapshots(source).getFirst())));
  }

  private record NoWords() {}

  private Source source(String name) {
    Source source = settings.get().sources().get(name);
    if (source == null) {
      throw OperationException.of(
          UNDEFINED_OBJECT,
          "source \"" + name + "\" does not exist",
          null,
          "GET /api/v1/sources lists those that there are.");
    }
    return source;
  }

  private SourceBody body(Source source) {
    String name = source.name();
    return SourceBody.of(
        source,
        cloner.snapshots(name),
        cloner.lag(name).orElse(null),
        cloner.cutStatistics(name).failure());
  }
}
