package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneRoles;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.trash.TrashRecord;
import dev.understudy.config.EnvironmentPolicy;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What clients and people can do to environments, by name. Thread-safe. */
public final class Environments {
  private final EnvironmentHost host;
  private final EnvironmentRegistry registry;
  private final EarlyRefusals refusals;

  Environments(EnvironmentHost host, EnvironmentRegistry registry) {
    this.host = requireNonNull(host, "host is null");
    this.registry = requireNonNull(registry, "registry is null");
    this.refusals = new EarlyRefusals(host, registry);
  }

  /**
   * A session on an environment, which is made or started if need be: once, however many wait.
   * Returns at once; where the server runs, with a completed future.
   *
   * <p>Fails with {@link EnvironmentUnavailable} and nothing else. Cancelling the future gives up
   * this wait and never the creation.
   */
  public CompletableFuture<EnvironmentSession> open(EnvironmentRequest request) {
    String name = request.environment();
    EnvironmentRegistry.requireValid(name);
    Optional<EnvironmentUnavailable> refusal = refusals.ofSession(name, request.database());
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(refusal.get());
    }
    Optional<PrivateLimit> exceeded =
        registry
            .existing(name)
            .map(Environment::privateLimit)
            .filter(limit -> limit.isExceeded(request));
    return exceeded.isPresent() ? openIfLess(exceeded.get(), request) : openNow(request);
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
                    openNow(request)
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

  private CompletableFuture<EnvironmentSession> openNow(EnvironmentRequest request) {
    return registry.ask(
        request.environment(), environment -> new Waiter(environment, host, request).ask());
  }

  /**
   * Makes an environment and starts its server. Fails with {@link EnvironmentUnavailable}, also
   * where it exists.
   *
   * @param role that it belongs to; null: nobody's
   */
  public CompletableFuture<EnvironmentRecord> create(
      String name, CreateFrom from, @Nullable String role) {
    return refusalToCreate(name, from, role)
        .map(CompletableFuture::<EnvironmentRecord>failedFuture)
        .orElseGet(() ->
            registry.ask(
                name, environment -> new Creating(environment, host, registry).ask(from, role)));
  }

  /** What can be told before anything is made, or a snapshot cut. */
  Optional<EnvironmentUnavailable> refusalToCreate(
      String name, CreateFrom from, @Nullable String role) {
    EnvironmentRegistry.requireValid(name);
    return refusals.ofCreation(name, from, role);
  }

  /** The source that environments of that name are made from; empty if there can be none. */
  Optional<String> sourceOf(String name) {
    return host.policies().of(name).map(EnvironmentPolicy::source);
  }

  /**
   * Drops an environment: its sessions end with 57P01, who connects from now on gets a new one, and
   * what it was is in the trash for a while. One that {@link #isUnreadable} is given up. Completes
   * with false if there was none.
   */
  public CompletableFuture<Boolean> drop(String name) {
    return isUnreadable(name) && !host.closed().get()
        ? dropUnreadable(name)
        : drop(name, _ -> true);
  }

  /**
   * The same of one that may be dropped, which is asked when its turn comes: of one that is being
   * made, when it is there. Completes with false also if it may not.
   *
   * @param may must not block
   */
  public CompletableFuture<Boolean> drop(String name, Predicate<EnvironmentRecord> may) {
    return ask(name, environment -> environment.dropping().ask(may));
  }

  /** Whether there is a record of that name that cannot be read: nobody knows whose it is. */
  public boolean isUnreadable(String name) {
    EnvironmentRegistry.requireValid(name);
    return registry.damage(name).isPresent();
  }

  /** Whether something is under way behind a name, and nothing there yet: it may be being made. */
  public boolean isComing(String name) {
    return registry.isComing(name);
  }

  private CompletableFuture<Boolean> dropUnreadable(String name) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return registry.deleteUnreadable(name);
          } catch (IOException e) {
            throw new CompletionException(Refusals.notRecorded(name, e));
          }
        },
        host.threads());
  }

  /**
   * Takes the environment of that name that was dropped or replaced last out of the trash. It is
   * asleep then. Fails with {@link EnvironmentUnavailable}: if there is none, or if an environment
   * of the new name exists.
   *
   * @param as the name that it gets
   */
  public CompletableFuture<EnvironmentRecord> undrop(String former, String as) {
    EnvironmentRegistry.requireValid(former);
    return ask(as, environment -> new Undropping(environment, host).ask(former));
  }

  /**
   * While it is guarded nothing automatic removes it, and a crash of the host does not cost its
   * data. Fails where there is no such environment, and, guarding it all the same, where its data
   * could not be made durable.
   */
  public CompletableFuture<EnvironmentRecord> guard(String name, boolean guarded) {
    return ask(name, environment -> new Guarding(environment, host).ask(guarded));
  }

  /** Says to people what it is for. Fails where there is no such environment. */
  public CompletableFuture<EnvironmentRecord> label(String name, @Nullable String label) {
    return change(name, record -> record.labelled(label));
  }

  /** Nothing automatic removes it before that time. Fails where there is no such environment. */
  public CompletableFuture<EnvironmentRecord> keepUntil(String name, Instant time) {
    return change(name, record -> record.keptUntil(time));
  }

  private CompletableFuture<EnvironmentRecord> change(
      String name, UnaryOperator<EnvironmentRecord> change) {
    return ask(name, environment -> new Changing(environment, host).ask(change));
  }

  /**
   * Puts an environment to sleep; the next connect wakes it. Completes with false if it sleeps
   * already. Fails with {@link EnvironmentUnavailable}: where there is no such environment, and
   * where a statement runs or a transaction is open.
   *
   * @param force whoever uses it loses what they are doing (57P01)
   */
  public CompletableFuture<Boolean> suspend(String name, boolean force) {
    return ask(name, environment -> environment.suspending().ask(force));
  }

  /**
   * Wakes an environment, which then stays awake as if it had just been used. Fails with {@link
   * EnvironmentUnavailable}, also where there is no such environment.
   */
  public CompletableFuture<Void> resume(String name) {
    EnvironmentRegistry.requireValid(name);
    Environment environment = registry.existing(name).orElse(null);
    Pointer pointer = environment == null ? null : environment.pointer();
    if (environment == null || pointer == null) {
      return CompletableFuture.failedFuture(
          refusals.ofAnything(name).orElseGet(() -> OperationRefusals.doesNotExist(name)));
    }
    return open(new EnvironmentRequest(name, "", pointer.record().owner()))
        .thenAccept(session -> {
          environment.resumed();
          session.close();
        });
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
    return ask(
        name, environment -> new Renewing(environment, host).ask(Renewing.Aim.REFRESH, force));
  }

  /** As {@link #refresh}, to a clone of the snapshot that it came from. Fails if that is gone. */
  public CompletableFuture<EnvironmentRecord> reset(String name, boolean force) {
    return ask(name, environment -> new Renewing(environment, host).ask(Renewing.Aim.RESET, force));
  }

  private <T> CompletableFuture<T> ask(
      String name, Function<Environment, @Nullable CompletableFuture<T>> question) {
    EnvironmentRegistry.requireValid(name);
    return refusals
        .ofAnything(name)
        .map(CompletableFuture::<T>failedFuture)
        .orElseGet(() -> registry.ask(name, question));
  }

  /** As they are right now, by name. */
  public List<EnvironmentStatus> list() {
    return registry
        .all()
        .map(EnvironmentStatus::of)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(EnvironmentStatus::name))
        .toList();
  }

  /** What the name points at; empty where it points at nothing. */
  public Optional<Clone> target(String name) {
    return registry.existing(name).map(Environment::pointer).map(Pointer::target);
  }

  /** As {@link Clone#roles}, of the clone that the name points at, if it points at one. Cheap. */
  public Optional<CloneRoles> roles(String name) {
    return target(name).flatMap(Clone::roles);
  }

  /** What can be had back, youngest first. */
  public List<TrashRecord> trash() {
    return host.trash().list();
  }

  /** How many names are kept in memory, those that do not exist yet or no more too. */
  int size() {
    return Math.toIntExact(registry.all().count());
  }
}
