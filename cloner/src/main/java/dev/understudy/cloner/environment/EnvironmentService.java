package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.alarm.HostTime;
import dev.understudy.cloner.alarm.Jump;
import dev.understudy.cloner.alarm.SystemAlarms;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.SqlRoleReader;
import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.environment.record.EnvironmentStore;
import dev.understudy.cloner.hook.HookRunner;
import dev.understudy.cloner.idle.Idleness;
import dev.understudy.cloner.idle.SqlServerWatch;
import dev.understudy.cloner.snapshot.Snapshots;
import dev.understudy.cloner.spare.Spares;
import dev.understudy.cloner.trash.Trash;
import dev.understudy.cloner.trash.TrashStore;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All environments of one daemon: their beginning and end, and what is done to them by itself.
 * Thread-safe.
 */
public final class EnvironmentService implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** For all servers to tell their roles. */
  private static final Duration ROLES = Duration.ofSeconds(10);

  /** By themselves and side by side: few, as clients wait for what others do. */
  private static final int REFRESHES = 2;

  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentService.class);

  private final EnvironmentHost host;
  private final ExecutorService threads;
  private final EnvironmentRegistry registry;
  private final Environments environments;
  private final PrivateLimitWatch privateLimits;
  private volatile boolean begun;

  /**
   * Environments with servers, threads and alarms of their own.
   *
   * @param directories of the records: {@code environments} and {@code trash} in it exist
   * @param hooks runs those of the policies
   * @param settings those of now; asked at each use, which must be cheap
   */
  public static EnvironmentService of(
      Path directories,
      Clones clones,
      HookRunner hooks,
      Snapshots snapshots,
      Supplier<Settings> settings,
      HostTime time,
      StepListener steps) {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("environment-", 0).factory());
    int sideBySide = Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
    InstantSource clock = time.clock();
    Alarms alarms = new SystemAlarms(time);
    Semaphore places = new Semaphore(sideBySide, true);
    Spares ready =
        new Spares(clones, snapshots, () -> spares(settings.get()), places, alarms, clock, threads);
    Policies byPattern = new Policies(() -> settings.get().environments());
    Population population = new Population(() -> settings.get().limits(), byPattern);
    Trash trash =
        new Trash(
            new TrashStore(directories.resolve("trash")),
            clones,
            clock,
            alarms,
            threads,
            () -> settings.get().undropWindow());
    EnvironmentHost host =
        new EnvironmentHost(
            clones,
            new EnvironmentStore(directories.resolve("environments")),
            snapshots,
            new Supply(clones, hooks, places),
            ready,
            trash,
            byPattern,
            population,
            new RunningPlaces(() -> settings.get().limits().running(), population, ready),
            new Settling(clones, trash, alarms, threads),
            new Semaphore(1),
            new Turns(REFRESHES),
            new Idleness(clock, new SqlServerWatch()),
            new SqlRoleReader(),
            new Turns(1),
            alarms,
            clock,
            () -> settings.get().scheduleTimezone(),
            steps,
            threads,
            new AtomicBoolean());
    return new EnvironmentService(host, threads);
  }

  private static Map<String, Integer> spares(Settings settings) {
    return settings.sources().values().stream()
        .collect(Collectors.toMap(Source::name, Source::spares));
  }

  /** The executor is the one of the host, and ends with this. */
  EnvironmentService(EnvironmentHost host, ExecutorService threads) {
    this.host = requireNonNull(host, "host is null");
    this.threads = requireNonNull(threads, "threads is null");
    this.registry = new EnvironmentRegistry(host);
    this.environments = new Environments(host, registry);
    this.privateLimits = new PrivateLimitWatch(host);
  }

  /** What clients and people can do to them, once they are restored. */
  public Environments environments() {
    return environments;
  }

  /**
   * Finds what an earlier daemon left; nothing of that is dropped for idleness before {@link
   * #beginIdling}. Blocks; called once, before anything else. One whose record cannot be read costs
   * nobody but those who connect to it.
   *
   * @return false if there is any record, be it of the trash or of a clone, that cannot be read
   */
  public boolean restore() throws IOException {
    return registry.restore();
  }

  /**
   * Clients can connect from now on: what nobody uses is dropped in its time, and what was there
   * before not at once; logs are kept within bounds. Called once.
   */
  public void beginIdling() {
    begun = true;
    registry.all().forEach(Environment::beginIdling);
    // What the daemon before did not come to.
    registry.all().filter(EnvironmentService::isUnsettled).forEach(host.settling()::add);
    host.settling().addTrash();
    host.trash().begin(LifetimeWatch.GRACE);
    host.alarms().onJump(this::clockJumped);
    host.spares().begin(host.running()::enterSpare);
    new LogSweep(host, this::targets).begin();
    new RoomWatch(host).begin();
    privateLimits.beginIfNeeded();
  }

  /**
   * The settings are other ones from now on. Nothing is dropped or put to sleep at once because of
   * that, and what is under way goes on. After {@link #beginIdling}; does not block.
   */
  public void settingsChanged() {
    host.trash().settingsChanged(LifetimeWatch.GRACE);
    host.spares().settingsChanged();
    privateLimits.beginIfNeeded();
    registry.all().forEach(Environment::settingsChanged);
  }

  private static boolean isUnsettled(Environment environment) {
    Pointer pointer = environment.pointer();
    Clone clone = pointer == null ? null : pointer.target();
    return clone != null && clone.isUnsettled();
  }

  private void clockJumped(Jump jump) {
    host.idleness().clockJumped(jump);
    host.trash().clockJumped(jump, LifetimeWatch.GRACE);
    registry.all().forEach(environment -> environment.clockJumped(jump));
  }

  /**
   * Makes room in the pool for a snapshot, at the cost of the trash, of spares and of environments
   * that nobody uses; not before {@link #beginIdling}. Returns true once there is room. Blocks.
   */
  public boolean makeRoom(long bytes) throws InterruptedException {
    return begun && !host.closed().get() && host.roomMaking().make(Set.of(), bytes);
  }

  /**
   * There is a new snapshot: environments whose policy says so move to a clone of it, soon, and
   * spares are made of it. Does not block.
   */
  public void snapshotPublished(String source) {
    host.spares().renew(source);
    registry
        .all()
        .filter(environment -> {
          Pointer pointer = environment.pointer();
          return pointer != null && pointer.record().source().equals(source);
        })
        .map(Environment::refreshing)
        .forEach(Refreshing::published);
  }

  /** The clones that names point at. */
  public List<Clone> targets() {
    return registry
        .all()
        .flatMap(environment -> Stream.ofNullable(environment.pointer()))
        .flatMap(pointer -> Stream.ofNullable(pointer.target()))
        .toList();
  }

  /**
   * What tells of those that sleep is on disk when this returns, but for what cannot be written,
   * which is logged. Blocks; after {@link #close}.
   */
  public void forceRecords() {
    registry
        .all()
        .filter(environment -> !environment.isRunning())
        .forEach(environment -> {
          try {
            environment.forceRecord();
          } catch (IOException e) {
            LOG.warn(
                "environment {}: it could not be brought to the disk: {}",
                environment.name(),
                e.toString());
          }
        });
  }

  /** The clones in the trash. */
  public List<Clone> trashed() {
    return host.trash().clones();
  }

  /** The clones that wait for a name. Cheap. */
  public List<Clone> spares() {
    return host.spares().clones();
  }

  /**
   * The servers are about to be stopped: takes down what they say of their roles. Blocks, for some
   * seconds at most; before {@link #close}.
   */
  public void learnRoles() throws InterruptedException {
    CompletableFuture<?>[] all =
        registry
            .all()
            .filter(Environment::isRunning)
            .map(Environment::learnRoles)
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(all).get(ROLES.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("not all servers have told their roles", e);
    }
  }

  /** Completes when all that was asked of any environment before is done. */
  CompletableFuture<Void> settled() {
    return host.settling()
        .lastFlush()
        .thenCompose(done ->
            CompletableFuture.allOf(
                registry.all().map(Environment::settled).toArray(CompletableFuture[]::new)));
  }

  /**
   * Ends all work on environments: what is being made is given up and removed, who waits is told
   * (57P01). Servers of environments go on running; spares are removed. Idempotent.
   */
  @Override
  public void close() {
    host.closed().set(true);
    host.alarms().close();
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      if (!threads.awaitTermination(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("work on environments did not end within {}", PATIENCE);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    host.spares().close();
    registry.all().forEach(Environment::saveActivity);
  }
}
