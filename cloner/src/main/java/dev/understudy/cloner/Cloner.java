package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.HostTime;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneRoles;
import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.clone.Work;
import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.cloner.environment.Environments;
import dev.understudy.cloner.environment.FreshCreation;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.pool.Usage;
import dev.understudy.cloner.snapshot.CutStatistics;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.snapshot.SnapshotException;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.Lag;
import dev.understudy.cloner.trash.TrashRecord;
import dev.understudy.config.Settings;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sources, snapshots, clones and environments of one data directory. One daemon at a time has it
 * open. Thread-safe.
 */
public final class Cloner implements AutoCloseable {
  private final ClonerRuntime runtime;
  private final Environments environments;

  private Cloner(ClonerRuntime runtime) {
    this.runtime = runtime;
    this.environments = runtime.environments().environments();
  }

  /**
   * Opens the data directory, making it if there is none and mounting its pool if it has one: finds
   * again every environment that an earlier daemon made, takes over servers that still run, removes
   * what is half made or belongs to nobody, and cuts a snapshot of each source that has none. Takes
   * as long as that takes. A source that cannot be copied is logged and tried again; the others are
   * served.
   *
   * @throws ClonerException with what to do about it, also if no source has a snapshot then;
   *     servers of environments run on
   */
  public static Cloner open(Settings settings) throws ClonerException, InterruptedException {
    return open(settings, CopyProgress::new);
  }

  /**
   * The same.
   *
   * @param progress by name of a source: who hears how far a copy of it is; one for each copy
   */
  public static Cloner open(Settings settings, Function<String, CopyListener> progress)
      throws ClonerException, InterruptedException {
    return open(settings, progress, StepListener.NONE, HostTime.SYSTEM);
  }

  static Cloner open(
      Settings settings, Function<String, CopyListener> progress, StepListener steps, HostTime time)
      throws ClonerException, InterruptedException {
    requireNonNull(settings, "settings is null");
    requireNonNull(progress, "progress is null");
    return new Cloner(ClonerRuntime.open(settings, progress, steps, time));
  }

  /**
   * To be called once when clients can connect: before, no environment of an earlier daemon is
   * dropped because nobody uses it, and after, clients get some minutes to come back.
   */
  public void beginIdling() {
    runtime.environments().beginIdling();
  }

  /**
   * Checks other settings, with the same sources, and reads the files that they name. Nothing has
   * changed when this returns. Blocks.
   *
   * @return to be run to work by those settings, all at once, from then on: does not block, and
   *     ends nothing that is under way. Servers that run are limited as they were until their next
   *     start, nothing is dropped or put to sleep within minutes because of other policies, and
   *     data directory, isolation, run-as, binaries and the way to a source are those of the start
   * @throws ClonerException with what to do about it
   */
  public Runnable prepare(Settings next) throws ClonerException {
    requireNonNull(next, "next is null");
    return runtime.prepare(next);
  }

  /** The newest snapshot of each source of the settings that has one. Cheap. */
  public List<Snapshot> snapshots() {
    List<Snapshot> newest = new ArrayList<>();
    for (String source : runtime.settings().sources().keySet()) {
      runtime.snapshots().newest(source).ifPresent(newest::add);
    }
    return List.copyOf(newest);
  }

  /** All snapshots of a source that may serve, newest first. */
  public List<Snapshot> snapshots(String source) {
    return runtime.snapshots().of(source);
  }

  /**
   * A session on an environment, which is made or started if need be: once, however many wait.
   * Returns at once; where the server runs, with a completed future.
   *
   * <p>Fails with {@link dev.understudy.cloner.environment.EnvironmentUnavailable} and nothing
   * else. Cancelling the future gives up this wait and never the creation.
   *
   * @throws IllegalArgumentException if the environment's name is not valid
   */
  public CompletableFuture<EnvironmentSession> open(EnvironmentRequest request) {
    return environments.open(request);
  }

  /** Those that exist, by name. */
  public List<EnvironmentStatus> environments() {
    return environments.list();
  }

  /**
   * The bytes on disk that an environment has for itself, and those that it shares. Empty where it
   * has no clone. Blocks: where the file system has to be asked file by file, for some tenths of a
   * second.
   */
  public Optional<Usage> usage(String environment) throws IOException {
    Optional<Clone> clone = environments.target(environment);
    return clone.isPresent() ? Optional.of(runtime.clones().usage(clone.get())) : Optional.empty();
  }

  /** As {@link dev.understudy.cloner.clone.Clones#work}. Empty where it has no clone, too. */
  public Optional<Work> work(String environment) throws IOException {
    Optional<Clone> clone = environments.target(environment);
    return clone.isPresent() ? runtime.clones().work(clone.get()) : Optional.empty();
  }

  /**
   * The last lines that the server of an environment has logged. Empty where it has no clone.
   * Blocks.
   *
   * @param most how many, a mebibyte at most
   */
  public Optional<List<String>> lastLogLines(String environment, int most) throws IOException {
    Optional<Clone> clone = environments.target(environment);
    return clone.isPresent() ? Optional.of(clone.get().lastLogLines(most)) : Optional.empty();
  }

  /** As {@link #usage(String)}, of a snapshot. */
  public Usage usage(Snapshot snapshot) throws IOException {
    return runtime.foundation().pool().usage(snapshot.data());
  }

  /** Bytes that can still be written to the pool. */
  public long freeBytes() throws IOException {
    return runtime.foundation().pool().freeBytes();
  }

  /** As {@link Environments#isUnreadable}. Cheap. */
  public boolean isUnreadable(String environment) {
    return environments.isUnreadable(environment);
  }

  /** As {@link Environments#drop(String)}. */
  public CompletableFuture<Boolean> drop(String environment) {
    return environments.drop(environment);
  }

  /** As {@link Environments#drop(String, Predicate)}. */
  public CompletableFuture<Boolean> drop(String environment, Predicate<EnvironmentRecord> may) {
    return environments.drop(environment, may);
  }

  /** As {@link Environments#isComing}. Cheap. */
  public boolean isComing(String environment) {
    return environments.isComing(environment);
  }

  /** As {@link Environments#undrop}. */
  public CompletableFuture<EnvironmentRecord> undrop(String former, String as) {
    return environments.undrop(former, as);
  }

  /**
   * The roles of an environment as its own server has them, with the verifiers that were set there.
   * Empty where there is no such environment, and where its roles are still its snapshot's as far
   * as is known. Cheap, and asks no server.
   */
  public Optional<CloneRoles> roles(String environment) {
    return environments.roles(environment);
  }

  /** What can be had back, youngest first. */
  public List<TrashRecord> trash() {
    return environments.trash();
  }

  /** As {@link Environments#guard}. */
  public CompletableFuture<EnvironmentRecord> guard(String environment, boolean guarded) {
    return environments.guard(environment, guarded);
  }

  /** As {@link Environments#label}. */
  public CompletableFuture<EnvironmentRecord> label(String environment, @Nullable String label) {
    return environments.label(environment, label);
  }

  /** As {@link Environments#keepUntil}. */
  public CompletableFuture<EnvironmentRecord> keepUntil(String environment, Instant time) {
    return environments.keepUntil(environment, time);
  }

  /**
   * Makes an environment and starts its server. Fails with {@link EnvironmentUnavailable} and
   * nothing else, also where it exists. Asks nobody's permission: who calls has seen to it that the
   * role may open the environment and, of a branch, its parent too, which holds that one's data.
   *
   * @param fresh a snapshot of the source is cut first; then {@code from} names no snapshot and no
   *     environment
   * @param role that it belongs to; null: nobody's
   */
  public CompletableFuture<EnvironmentRecord> create(
      String environment, CreateFrom from, boolean fresh, @Nullable String role) {
    if (!fresh) {
      return environments.create(environment, from, role);
    }
    return FreshCreation.of(environments, runtime.sources()::cut, environment, from, role);
  }

  /** As {@link Environments#refresh}. */
  public CompletableFuture<EnvironmentRecord> refresh(String environment, boolean force) {
    return environments.refresh(environment, force);
  }

  /** As {@link Environments#reset}. */
  public CompletableFuture<EnvironmentRecord> reset(String environment, boolean force) {
    return environments.reset(environment, force);
  }

  /** As {@link Environments#suspend}. */
  public CompletableFuture<Boolean> suspend(String environment, boolean force) {
    return environments.suspend(environment, force);
  }

  /** As {@link Environments#resume}. */
  public CompletableFuture<Void> resume(String environment) {
    return environments.resume(environment);
  }

  /**
   * Cuts a snapshot of a source that holds everything committed before this call. Fails with {@link
   * SnapshotException} and nothing else; the snapshots that there are stay in service.
   *
   * @throws IllegalArgumentException if there is no such source
   */
  public CompletableFuture<Snapshot> cutSnapshot(String source) {
    return runtime.sources().cut(source);
  }

  /**
   * How cutting the snapshots of a source has gone since this was opened. Cheap.
   *
   * @throws IllegalArgumentException if there is no such source
   */
  public CutStatistics cutStatistics(String source) {
    return runtime.sources().statistics(source);
  }

  /** How many clones of a source are made, run and wait for a name. Cheap. */
  public int spares(String source) {
    return (int)
        runtime.environments().spares().stream()
            .filter(clone -> clone.origin().source().equals(source))
            .count();
  }

  /**
   * How far behind production the standby of a source is. Empty while there is none yet, and for
   * sources that are copied anew for each snapshot. Cheap.
   *
   * @throws IllegalArgumentException if there is no such source
   */
  public Optional<Lag> lag(String source) {
    return runtime.mirrors().named(source).lag();
  }

  /** Ends the daemon's work. Servers run on, for the next daemon to find. Idempotent. */
  @Override
  public void close() {
    runtime.close();
  }

  /** Ends the daemon's work and stops all servers cleanly; the next daemon starts them again. */
  public void shutdown() throws InterruptedException {
    runtime.shutdown();
  }
}
