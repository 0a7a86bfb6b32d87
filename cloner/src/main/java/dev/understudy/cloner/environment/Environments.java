package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.alarm.HostTime;
import dev.understudy.cloner.alarm.Jump;
import dev.understudy.cloner.alarm.SystemAlarms;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.environment.record.EnvironmentStore;
import dev.understudy.cloner.hook.HookRunner;
import dev.understudy.cloner.idle.Idleness;
import dev.understudy.cloner.idle.SqlServerWatch;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.snapshot.Snapshots;
import dev.understudy.cloner.spare.Spares;
import dev.understudy.cloner.trash.Trash;
import dev.understudy.cloner.trash.TrashRecord;
import dev.understudy.cloner.trash.TrashStore;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All environments, by name. Thread-safe. */
public final class Environments implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?");
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** By themselves and side by side: few, as clients wait for what others do. */
  private static final int REFRESHES = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Environments.class);

  private final EnvironmentHost host;
  private final ExecutorService threads;
  private final Map<String, Environment> known = new ConcurrentHashMap<>();
  private final Map<String, String> unreadable = new ConcurrentHashMap<>();
  private volatile boolean begun;

  /**
   * Environments with servers, threads and alarms of their own.
   *
   * @param directories of the records: {@code environments} and {@code trash} in it exist
   * @param hooks runs those of the policies
   * @param undropWindow how long what was dropped can be had back
   * @param spares how many are kept ready, by source
   * @param zone of schedules
   */
  public static Environments of(
      Path directories,
      Clones clones,
      HookRunner hooks,
      Snapshots snapshots,
      List<EnvironmentPolicy> policies,
      Limits limits,
      Duration undropWindow,
      Map<String, Integer> spares,
      HostTime time,
      ZoneId zone,
      StepListener steps) {
    InstantSource clock = time.clock();
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("environment-", 0).factory());
    int sideBySide = Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
    Alarms alarms = new SystemAlarms(time);
    Semaphore places = new Semaphore(sideBySide, true);
    Spares ready = new Spares(clones, snapshots, spares, places, alarms, clock, threads);
    Policies known = new Policies(policies);
    EnvironmentHost host =
        new EnvironmentHost(
            clones,
            new EnvironmentStore(directories.resolve("environments")),
            snapshots,
            new Supply(clones, hooks, places, ready),
            ready,
            new Trash(
                new TrashStore(directories.resolve("trash")),
                clones,
                clock,
                alarms,
                threads,
                undropWindow),
            known,
            new Population(limits, known, ready::giveWay),
            new Semaphore(1),
            new Turns(REFRESHES),
            new Idleness(clock, new SqlServerWatch()),
            alarms,
            clock,
            zone,
            steps,
            threads,
            new AtomicBoolean());
    return new Environments(host, threads);
  }

  /** The executor is the one of the host, and ends with this. */
  Environments(EnvironmentHost host, ExecutorService threads) {
    this.host = requireNonNull(host, "host is null");
    this.threads = requireNonNull(threads, "threads is null");
  }

  /**
   * Finds what an earlier daemon left; nothing of that is dropped for idleness before {@link
   * #beginIdling}. Blocks; called once, before anything else. One whose record cannot be read costs
   * nobody but those who connect to it.
   */
  public void restore() throws IOException {
    Restored restored = new Restoration(host).restore();
    unreadable.putAll(restored.unreadable());
    for (Pointer pointer : restored.pointers()) {
      Environment environment = environment(pointer.record().name());
      environment.restore(pointer);
    }
  }

  /**
   * Clients can connect from now on: what nobody uses is dropped in its time, and what was there
   * before not at once; logs are kept within bounds. Called once.
   */
  public void beginIdling() {
    begun = true;
    host.trash().begin(LifetimeWatch.GRACE);
    known.values().forEach(Environment::beginIdling);
    host.alarms().onJump(this::clockJumped);
    host.spares().begin(host.population()::enterSpare);
    new LogSweep(host, this::targets).begin();
    new RoomWatch(host).begin();
    new PrivateLimitWatch(host).begin();
  }

  /**
   * Makes room in the pool for a snapshot, at the cost of the trash, of spares and of environments
   * that nobody uses; not before {@link #beginIdling}. Returns true once there is room. Blocks.
   */
  public boolean makeRoom(long bytes) throws InterruptedException {
    return begun && !host.closed().get() && host.roomMaking().make(Set.of(), bytes);
  }

  private void clockJumped(Jump jump) {
    host.idleness().clockJumped(jump);
    host.trash().clockJumped(jump, LifetimeWatch.GRACE);
    known.values().forEach(environment -> environment.clockJumped(jump));
  }

  /**
   * A session on an environment, which is made or started if need be: once, however many wait.
   * Returns at once; where the server runs, with a completed future.
   *
   * <p>Fails with {@link EnvironmentUnavailable} and nothing else. Cancelling the future gives up
   * this wait and never the creation.
   */
  public CompletableFuture<EnvironmentSession> open(EnvironmentRequest request) {
    requireValid(request.environment());
    if (host.closed().get()) {
      return CompletableFuture.failedFuture(Refusals.shuttingDown());
    }
    Optional<EnvironmentUnavailable> refusal = refusal(request.environment(), request.database());
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(refusal.get());
    }
    Environment environment = known.get(request.environment());
    return environment != null && environment.privateLimit().isExceeded()
        ? openIfLess(environment.privateLimit(), request)
        : ask(request.environment(), named -> named.open(request));
  }

  /** Looks again before somebody is refused. */
  private CompletableFuture<EnvironmentSession> openIfLess(
      PrivateLimit limit, EnvironmentRequest request) {
    CompletableFuture<EnvironmentSession> result = new CompletableFuture<>();
    var _ =
        limit
            .refusal()
            .thenAccept(refusal -> {
              if (refusal.isPresent()) {
                result.completeExceptionally(refusal.get());
              } else if (!result.isDone()) {
                var _ =
                    ask(request.environment(), named -> named.open(request))
                        .whenComplete((session, failure) -> {
                          if (failure != null) {
                            result.completeExceptionally(failure);
                          } else if (!result.complete(session)) {
                            session.close();
                          }
                        });
              }
            });
    return result;
  }

  /**
   * @param question answers null if the environment's object is retired
   */
  private <T> CompletableFuture<T> ask(
      String name, Function<Environment, @Nullable CompletableFuture<T>> question) {
    while (true) {
      Environment environment = environment(name);
      CompletableFuture<T> answer = question.apply(environment);
      if (answer != null) {
        return answer;
      }
      known.remove(name, environment);
    }
  }

  /** What can be told without making anything. */
  private Optional<EnvironmentUnavailable> refusal(String name, String database) {
    Optional<EnvironmentPolicy> policy = host.policies().of(name);
    if (policy.isEmpty()) {
      return Optional.of(Refusals.unknown(name));
    }
    String damage = unreadable.get(name);
    if (damage != null) {
      return Optional.of(Refusals.unreadable(name, damage));
    }
    String source = policy.get().source();
    Environment environment = known.get(name);
    Pointer pointer = environment == null ? null : environment.pointer();
    if (pointer != null) {
      return pointer.record().hasDataOfOtherThan(source)
          ? Optional.of(Refusals.otherSource(pointer.record(), source))
          : Optional.empty();
    }
    Optional<Snapshot> snapshot = host.snapshots().newest(source);
    if (snapshot.isEmpty()) {
      return Optional.of(Refusals.noSnapshot(name, source));
    }
    boolean exists =
        snapshot.get().databases().stream()
            .anyMatch(known -> known.name().equals(database) && known.allowsConnections());
    return exists
        ? Optional.empty()
        : Optional.of(Refusals.noDatabase(name, database, snapshot.get()));
  }

  private Environment environment(String name) {
    return known.computeIfAbsent(
        name, key -> new Environment(key, host, retired -> known.remove(key, retired)));
  }

  /**
   * Drops an environment: its sessions end with 57P01, who connects from now on gets a new one, and
   * what it was is in the trash for a while. Completes with false if there was none.
   */
  public CompletableFuture<Boolean> drop(String name) {
    requireValid(name);
    if (host.closed().get()) {
      return CompletableFuture.failedFuture(Refusals.shuttingDown());
    }
    return unreadable.containsKey(name) ? dropUnreadable(name) : ask(name, Environment::drop);
  }

  private CompletableFuture<Boolean> dropUnreadable(String name) {
    try {
      host.store().delete(name);
      unreadable.remove(name);
      return CompletableFuture.completedFuture(true);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(Refusals.notRecorded(name, e));
    }
  }

  /**
   * Takes the environment of that name that was dropped or replaced last out of the trash. It is
   * asleep then. Fails with {@link EnvironmentUnavailable}: if there is none, or if an environment
   * of the new name exists.
   *
   * @param as the name that it gets
   */
  public CompletableFuture<EnvironmentRecord> undrop(String former, String as) {
    requireValid(former);
    requireValid(as);
    if (host.closed().get()) {
      return CompletableFuture.failedFuture(Refusals.shuttingDown());
    }
    String damage = unreadable.get(as);
    return damage != null
        ? CompletableFuture.failedFuture(Refusals.unreadable(as, damage))
        : ask(as, environment -> environment.undrop(former));
  }

  /** What can be had back, youngest first. */
  public List<TrashRecord> trash() {
    return host.trash().list();
  }

  /** While it is guarded nothing automatic removes it. Fails where there is no such environment. */
  public CompletableFuture<EnvironmentRecord> guard(String name, boolean guarded) {
    return change(name, record -> record.guarded(guarded));
  }

  /** Says to people what it is for. Fails where there is no such environment. */
  public CompletableFuture<EnvironmentRecord> label(String name, @Nullable String label) {
    return change(name, record -> record.labelled(label));
  }

  /** Nothing automatic removes it before that time. Fails where there is no such environment. */
  public CompletableFuture<EnvironmentRecord> keepUntil(String name, Instant time) {
    return change(name, record -> record.keptUntil(time));
  }

  /**
   * Puts an environment to sleep; the next connect wakes it. Completes with false if it sleeps
   * already. Fails with {@link EnvironmentUnavailable}: where there is no such environment, and
   * where a statement runs or a transaction is open.
   *
   * @param force whoever uses it loses what they are doing (57P01)
   */
  public CompletableFuture<Boolean> suspend(String name, boolean force) {
    requireValid(name);
    if (host.closed().get()) {
      return CompletableFuture.failedFuture(Refusals.shuttingDown());
    }
    return environment(name).suspend(force);
  }

  /**
   * Wakes an environment, which then stays awake as if it had just been used. Fails with {@link
   * EnvironmentUnavailable}, also where there is no such environment.
   */
  public CompletableFuture<Void> resume(String name) {
    requireValid(name);
    Environment environment = known.get(name);
    Pointer pointer = environment == null ? null : environment.pointer();
    if (environment == null || pointer == null) {
      return CompletableFuture.failedFuture(Refusals.doesNotExist(name));
    }
    return open(new EnvironmentRequest(name, "", pointer.record().owner()))
        .thenAccept(session -> {
          environment.resumed();
          session.close();
        });
  }

  private CompletableFuture<EnvironmentRecord> change(
      String name, UnaryOperator<EnvironmentRecord> change) {
    requireValid(name);
    if (host.closed().get()) {
      return CompletableFuture.failedFuture(Refusals.shuttingDown());
    }
    return environment(name).change(change);
  }

  /**
   * Moves an environment to a clone of the newest snapshot; a sleeping one sleeps on. What it was
   * is in the trash for a while. Completes with what is written down of it then; fails with {@link
   * EnvironmentUnavailable}: where there is no such environment, and where a statement runs or a
   * transaction is open.
   *
   * @param force whoever uses it loses what they are doing (57P01)
   */
  public CompletableFuture<EnvironmentRecord> refresh(String name, boolean force) {
    return renew(name, Renewing.Aim.REFRESH, force);
  }

  /** As {@link #refresh}, to a clone of the snapshot that it came from. Fails if that is gone. */
  public CompletableFuture<EnvironmentRecord> reset(String name, boolean force) {
    return renew(name, Renewing.Aim.RESET, force);
  }

  private CompletableFuture<EnvironmentRecord> renew(String name, Renewing.Aim aim, boolean force) {
    requireValid(name);
    if (host.closed().get()) {
      return CompletableFuture.failedFuture(Refusals.shuttingDown());
    }
    String damage = unreadable.get(name);
    return damage != null
        ? CompletableFuture.failedFuture(Refusals.unreadable(name, damage))
        : environment(name).renew(aim, force);
  }

  /**
   * Makes an environment and starts its server. Fails with {@link EnvironmentUnavailable}, also
   * where it exists.
   *
   * @param role that it belongs to; null: nobody's
   */
  public CompletableFuture<EnvironmentRecord> create(
      String name, CreateFrom from, @Nullable String role) {
    Optional<EnvironmentUnavailable> refusal = refusalToCreate(name, from);
    return refusal.isPresent()
        ? CompletableFuture.failedFuture(refusal.get())
        : ask(name, environment -> environment.create(from, role, known::get));
  }

  /** What can be told before anything is made, or a snapshot cut. */
  public Optional<EnvironmentUnavailable> refusalToCreate(String name, CreateFrom from) {
    requireValid(name);
    if (host.closed().get()) {
      return Optional.of(Refusals.shuttingDown());
    }
    String damage = unreadable.get(name);
    if (damage != null) {
      return Optional.of(Refusals.unreadable(name, damage));
    }
    Environment existing = known.get(name);
    if (existing != null && existing.pointer() != null) {
      return Optional.of(MoveRefusals.exists(name));
    }
    Optional<EnvironmentPolicy> policy = host.policies().of(name);
    if (policy.isEmpty()) {
      return Optional.of(Refusals.unknown(name));
    }
    String source = policy.get().source();
    return from instanceof CreateFrom.Source(String wanted) && !wanted.equals(source)
        ? Optional.of(MoveRefusals.sourceOfOther(name, wanted, source))
        : Optional.empty();
  }

  /** The source that environments of that name are made from; empty if there can be none. */
  public Optional<String> sourceOf(String name) {
    return host.policies().of(name).map(EnvironmentPolicy::source);
  }

  /**
   * There is a new snapshot: environments whose policy says so move to a clone of it, soon, and
   * spares are made of it. Does not block.
   */
  public void snapshotPublished(String source) {
    host.spares().renew(source);
    known.values().stream()
        .filter(environment -> {
          Pointer pointer = environment.pointer();
          return pointer != null && pointer.record().source().equals(source);
        })
        .forEach(Environment::snapshotPublished);
  }

  /** As they are right now, by name. */
  public List<EnvironmentStatus> list() {
    List<EnvironmentStatus> all = new ArrayList<>();
    for (Environment environment : known.values()) {
      Pointer pointer = environment.pointer();
      if (pointer != null) {
        all.add(status(environment, pointer));
      }
    }
    all.sort(Comparator.comparing(EnvironmentStatus::name));
    return all;
  }

  /** What the name points at; empty where it points at nothing. */
  public Optional<Clone> target(String name) {
    return Optional.ofNullable(known.get(name)).map(Environment::pointer).map(Pointer::target);
  }

  private static EnvironmentStatus status(Environment environment, Pointer pointer) {
    EnvironmentRecord record = pointer.record();
    Clone clone = pointer.target();
    return new EnvironmentStatus(
        record.name(),
        record.source(),
        clone == null ? null : clone.origin().dataTime(),
        record.target(),
        clone == null ? null : clone.state(),
        clone != null && clone.server().isPresent(),
        environment.sessions().count(),
        record.createdAt(),
        environment.activity().last());
  }

  /** How many names are kept in memory, those that do not exist yet or no more too. */
  int size() {
    return known.size();
  }

  /** The clones that names point at. */
  public List<Clone> targets() {
    List<Clone> targets = new ArrayList<>();
    for (Environment environment : known.values()) {
      Pointer pointer = environment.pointer();
      if (pointer != null && pointer.target() != null) {
        targets.add(pointer.target());
      }
    }
    return targets;
  }

  /** The clones in the trash. */
  public List<Clone> trashed() {
    return host.trash().clones();
  }

  /** Completes when all that was asked of any environment before is done. */
  CompletableFuture<Void> settled() {
    return CompletableFuture.allOf(
        known.values().stream().map(Environment::settled).toArray(CompletableFuture[]::new));
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
    known.values().forEach(Environment::saveActivity);
  }

  private static void requireValid(@Nullable String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name of an environment: " + name);
    }
  }
}
