package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.proxy.throttle.Throttle;
import dev.understudy.server.http.environment.EnvironmentBody;
import dev.understudy.server.http.environment.EnvironmentRoutes;
import dev.understudy.server.http.environment.EnvironmentView;
import dev.understudy.server.http.environment.UrlRoutes;
import dev.understudy.server.http.event.Events;
import dev.understudy.server.http.event.Watched;
import dev.understudy.server.http.page.PageFiles;
import dev.understudy.server.http.source.Copies;
import dev.understudy.server.http.source.SnapshotBody;
import dev.understudy.server.http.source.SourceRoutes;
import dev.understudy.server.http.task.TaskRoutes;
import dev.understudy.server.http.task.Tasks;
import dev.understudy.server.http.token.Tokens;
import dev.understudy.server.http.usage.UsageRoutes;
import dev.understudy.server.http.webhook.WebhookRoutes;
import dev.understudy.server.metrics.Metrics;
import dev.understudy.server.operate.DaemonOperations;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.operate.Snapshots;
import dev.understudy.server.operate.UsageOperations;
import dev.understudy.server.usage.StorageReadings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All that the API of one daemon answers. */
public final class HttpApi implements AutoCloseable {
  /** Half of it is the longest that an answer about a token is kept back. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Supplier<Settings> settings;
  private final Tasks tasks;
  private final Events events;
  private final List<Route> routes;
  private final Metrics metrics;

  /**
   * What the daemon gives for it.
   *
   * @param settings those of now
   * @param proxyPort that clients of environments connect to
   * @param ready whether clients should be sent here
   */
  public record Backing(
      Cloner cloner,
      Operations operations,
      DaemonOperations daemon,
      UsageOperations usage,
      StorageReadings storage,
      Copies copies,
      Supplier<Settings> settings,
      int proxyPort,
      BooleanSupplier ready,
      Metrics metrics) {
    public Backing {
      requireNonNull(cloner, "cloner is null");
      requireNonNull(operations, "operations is null");
      requireNonNull(daemon, "daemon is null");
      requireNonNull(usage, "usage is null");
      requireNonNull(storage, "storage is null");
      requireNonNull(copies, "copies is null");
      requireNonNull(settings, "settings is null");
      requireNonNull(ready, "ready is null");
      requireNonNull(metrics, "metrics is null");
    }
  }

  public HttpApi(Backing backing) {
    this.settings = backing.settings();
    this.metrics = backing.metrics();
    Cloner cloner = backing.cloner();
    Operations operations = backing.operations();
    this.tasks = new Tasks(InstantSource.system(), () -> settings.get().listen().createTimeout());
    Snapshots snapshots = new Snapshots(() -> settings.get().sources().keySet(), cloner::snapshots);
    EnvironmentView view = new EnvironmentView(backing.storage(), operations, settings);
    this.events =
        new Events(
            new Watched(
                () -> environments(cloner, view),
                () -> snapshots(snapshots),
                backing.copies()::latest),
            tasks);
    this.routes =
        Stream.of(
                new PageFiles().routes(),
                new Health(backing.ready()).all(),
                new DaemonRoutes(backing.daemon(), settings).all(),
                new EnvironmentRoutes(view, operations, tasks, () -> settings.get().undropWindow())
                    .all(),
                new UrlRoutes(settings, backing::proxyPort).all(),
                new SourceRoutes(cloner, operations, tasks, settings, snapshots).all(),
                new UsageRoutes(backing.usage()).all(),
                new TaskRoutes(tasks).all(),
                new MetricsRoute(metrics).all(),
                new WebhookRoutes(operations, settings, InstantSource.system()).all(),
                events.all())
            .flatMap(List::stream)
            .toList();
  }

  private static List<EnvironmentBody> environments(Cloner cloner, EnvironmentView view) {
    return cloner.environments().stream().map(view::body).toList();
  }

  private static List<SnapshotBody> snapshots(Snapshots snapshots) {
    return snapshots.all().stream().map(SnapshotBody::of).toList();
  }

  /**
   * Answers from now on. Called once.
   *
   * @param administrator the token in the data directory
   */
  public void serve(HttpServer server, Secret administrator) {
    metrics.watchHttp(server::refused);
    server.serve(
        routes,
        new Doorkeeper(
            new HostNames(() -> settings.get().http()),
            new Tokens(administrator, () -> settings.get().http().tokens().values()),
            new Throttle(() -> settings.get().listen().admission().throttled(), () -> PATIENCE)));
  }

  /** Other settings have been taken up: who listens to events has to show its token again. */
  public void settingsChanged() {
    events.endAll();
  }

  List<Route> routes() {
    return routes;
  }

  /** Ends the streams of events, and tells who waits. Idempotent. */
  @Override
  public void close() {
    tasks.close();
    events.close();
  }
}
