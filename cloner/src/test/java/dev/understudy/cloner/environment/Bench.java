package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.alarm.ManualAlarms;
import dev.understudy.cloner.clone.CloneHost;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.RoleReader;
import dev.understudy.cloner.clone.SettingsReload;
import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.environment.record.EnvironmentStore;
import dev.understudy.cloner.fake.FakePool;
import dev.understudy.cloner.fake.FakeServers;
import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.cloner.fake.ManualClock;
import dev.understudy.cloner.hook.HookRunner;
import dev.understudy.cloner.idle.Idleness;
import dev.understudy.cloner.idle.ServerWork;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.snapshot.Snapshots;
import dev.understudy.cloner.spare.Spares;
import dev.understudy.cloner.trash.Trash;
import dev.understudy.cloner.trash.TrashStore;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Limits;
import dev.understudy.config.NamePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Environments on fakes, in a real directory. Can be restarted as a daemon is. */
final class Bench implements AutoCloseable {
  static final Duration DROP_AFTER = Duration.ofDays(3);

  /** Of servers that take up no settings. */
  static final SettingsReload REFUSED =
      clone -> {
        throw new SQLException("no server");
      };

  final Path directory;
  final FakePool pool = new FakePool();
  final FakeServers servers = new FakeServers();
  final ManualClock clock = new ManualClock();
  final Semaphore places = new Semaphore(4, true);
  List<EnvironmentPolicy> policies =
      List.of(
          new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", DROP_AFTER),
          new EnvironmentPolicy(new NamePattern("staging"), "prod", "shop", null));
  Limits limits = Limits.NONE;

  /** None, unless a test says otherwise. */
  Map<String, Integer> wantedSpares = Map.of();

  /** What is dropped is gone, unless a test says otherwise. */
  Duration undropWindow = Duration.ZERO;

  volatile HookRunner hooks = HookRunner.NONE;
  Optional<Snapshot> newest;
  volatile List<Snapshot> older = List.of();
  String bootId = FakeServers.BOOT;
  volatile ServerWork work = ServerWork.NONE;

  /** Digest of the rules of now. */
  volatile @Nullable String mask;

  volatile @Nullable SQLException watchFailure;
  volatile Runnable duringLook = () -> {};

  /** Before the snapshot of which an environment is made is chosen. */
  volatile Runnable duringHold = () -> {};

  /** Asked only where the snapshot has a replacement key. */
  volatile RoleReader roles =
      clone -> {
        throw new SQLException("no server");
      };

  /** Asked where a clone whose server runs is to become durable. */
  volatile SettingsReload reload = clone -> {};

  ManualAlarms alarms = new ManualAlarms(clock);
  Trash trash;
  Clones clones;
  Spares spares;
  Population population;
  EnvironmentService service;
  Environments environments;

  Bench(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory.resolve("clones"));
    Files.createDirectories(directory.resolve("run"));
    Files.createDirectories(directory.resolve("environments"));
    Files.createDirectories(directory.resolve("trash"));
    newest = Optional.of(FakeSnapshots.shop(directory));
    clones = newClones();
    trash = newTrash();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    spares = newSpares(threads);
    population = new Population(() -> limits, new Policies(() -> policies));
    service = newService(threads);
    environments = service.environments();
  }

  private Clones newClones() {
    return new Clones(
        new CloneHost(
            directory,
            pool,
            servers,
            clone -> reload.run(clone),
            major -> Optional.of(new PostgresBinaries(Path.of("/pg"), major * 10_000)),
            bootId,
            clock,
            StepListener.NONE));
  }

  private Trash newTrash() {
    return new Trash(
        new TrashStore(directory.resolve("trash")),
        clones,
        clock,
        alarms,
        Thread::startVirtualThread,
        () -> undropWindow);
  }

  private Spares newSpares(ExecutorService threads) {
    return new Spares(clones, source -> newest, () -> wantedSpares, places, alarms, clock, threads);
  }

  private EnvironmentService newService(ExecutorService threads) {
    Policies known = new Policies(() -> policies);
    EnvironmentHost host =
        new EnvironmentHost(
            clones,
            new EnvironmentStore(directory.resolve("environments")),
            snapshots(),
            new Supply(clones, (clone, policy) -> hooks.run(clone, policy), places),
            spares,
            trash,
            known,
            population,
            new RunningPlaces(() -> limits.running(), population, spares),
            new Settling(clones, trash, alarms, threads),
            new Semaphore(1),
            new Turns(2),
            new Idleness(clock, (socket, superuser) -> look()),
            clone -> roles.read(clone),
            new Turns(1),
            alarms,
            clock,
            () -> ZoneOffset.UTC,
            StepListener.NONE,
            threads,
            new AtomicBoolean());
    return new EnvironmentService(host, threads);
  }

  private Snapshots snapshots() {
    Collection<Snapshot> held = new ConcurrentLinkedQueue<>();
    return new Snapshots() {
      @Override
      public Optional<Snapshot> newest(String source) {
        return newest;
      }

      @Override
      public boolean isWanted(String source, @Nullable String digest) {
        return Objects.equals(digest, mask);
      }

      @Override
      public List<Snapshot> of(String source) {
        return Stream.of(newest.stream(), older.stream(), held.stream())
            .flatMap(all -> all)
            .distinct()
            .toList();
      }

      @Override
      public Optional<HeldSnapshot> hold(String source) {
        duringHold.run();
        return Snapshots.super.hold(source);
      }

      @Override
      public Optional<HeldSnapshot> hold(String source, String id) {
        Optional<Snapshot> found =
            of(source).stream().filter(snapshot -> snapshot.id().equals(id)).findFirst();
        found.ifPresent(held::add);
        return found.map(snapshot -> new HeldSnapshot(snapshot, () -> held.remove(snapshot)));
      }
    };
  }

  private ServerWork look() throws SQLException {
    duringLook.run();
    SQLException failure = watchFailure;
    if (failure != null) {
      throw failure;
    }
    return work;
  }

  /** The daemon ends, orderly, and another one begins. */
  void restart() throws IOException, InterruptedException {
    restartUnheard();
    service.beginIdling();
  }

  /** As {@link #restart}, but clients cannot connect yet. */
  void restartUnheard() throws IOException, InterruptedException {
    close();
    alarms = new ManualAlarms(clock);
    clones = newClones();
    trash = newTrash();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    spares = newSpares(threads);
    population = new Population(() -> limits, new Policies(() -> policies));
    service = newService(threads);
    environments = service.environments();
    service.restore();
    clones.awaitRemovals(Duration.ofSeconds(10));
  }

  EnvironmentSession open(String name) throws Exception {
    return await(environments.open(new EnvironmentRequest(name, "shop")));
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(10, TimeUnit.SECONDS);
  }

  /** Fails where there is no failure. */
  static EnvironmentUnavailable failureOf(CompletableFuture<?> future) throws Exception {
    try {
      Object value = future.get(10, TimeUnit.SECONDS);
      throw new AssertionError("no failure but " + value);
    } catch (ExecutionException e) {
      return (EnvironmentUnavailable) requireNonNull(e.getCause());
    }
  }

  /** Time passes, and what that sets off is done. */
  void advance(Duration duration) throws Exception {
    alarms.advance(duration);
    settle();
  }

  /** Everything that was asked for before is done. */
  void settle() throws Exception {
    await(service.settled());
    clones.awaitRemovals(Duration.ofSeconds(10));
  }

  /** What leaves the trash by itself does so on a thread of its own. */
  void awaitEmptyTrash() throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!files("trash").isEmpty() || !files("clones").isEmpty()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  /** The sweep, like the watch over the pool, sets its next alarm when it is done. */
  void awaitSweep() throws InterruptedException {
    alarms.awaitCount(2);
  }

  /** But for what is just being written. */
  List<Path> files(String directoryName) throws IOException {
    try (var files = Files.list(directory.resolve(directoryName))) {
      return files.filter(file -> !String.valueOf(file.getFileName()).startsWith(".")).toList();
    }
  }

  /** From now on, as on a disk that is full; {@link #allowWriting} ends it. */
  static void forbidWriting(Path record) throws IOException {
    Files.createDirectories(temporary(record).resolve("in the way"));
  }

  static void allowWriting(Path record) throws IOException {
    Files.delete(temporary(record).resolve("in the way"));
    Files.delete(temporary(record));
  }

  private static Path temporary(Path record) {
    return record.resolveSibling("." + record.getFileName() + ".tmp");
  }

  @Override
  public void close() {
    service.close();
    clones.close();
  }
}
