package dev.understudy.server.operate;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.trash.TrashRecord;
import dev.understudy.config.EnvironmentName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What people can do to environments. Everybody sees and steers what belongs to their role, an
 * administrator everything; each operation leaves a line in the audit log. Thread-safe.
 *
 * <p>All methods return at once; all futures fail with an {@link OperationException} and nothing
 * else. Cancelling one gives up the wait only.
 */
public final class Operations {
  /** How actors ask whose login is a token. */
  public static final String VIA_HTTP = "http";

  private static final String INVALID_NAME = "42602";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String UNDEFINED_OBJECT = "42704";
  private static final String SYSTEM_ERROR = "58000";

  private static final String DROP = "DROP ENVIRONMENT";

  private final Cloner cloner;
  private final Permissions permissions;
  private final InstantSource clock;

  public Operations(Cloner cloner, Permissions permissions, InstantSource clock) {
    this.cloner = requireNonNull(cloner, "cloner is null");
    this.permissions = requireNonNull(permissions, "permissions is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** Those that the actor may see, by name. */
  public List<EnvironmentStatus> environments(Actor actor) {
    return cloner.environments().stream()
        .filter(environment -> actor.sees(environment.name(), environment.owner()))
        .toList();
  }

  /** What of the trash the actor may have back, youngest first. */
  public List<TrashRecord> trash(Actor actor) {
    return cloner.trash().stream()
        .filter(trashed -> actor.sees(trashed.environment().name(), trashed.environment().owner()))
        .toList();
  }

  /**
   * The last lines that the server of an environment has logged. They hold data: of statements, and
   * of rows that offended.
   *
   * @throws OperationException also if the actor may only look. Blocks
   */
  public List<String> lastLogLines(Actor actor, String environment, int most) {
    requireValid(environment);
    requireOwn(actor, environment);
    try {
      return cloner.lastLogLines(environment, most).orElse(List.of());
    } catch (IOException e) {
      throw OperationException.of(
          SYSTEM_ERROR,
          "the log of environment \"" + environment + "\" cannot be read",
          e.getMessage(),
          null);
    }
  }

  /**
   * Makes an environment, which belongs to the actor's role.
   *
   * @param fresh a snapshot is cut first
   */
  public CompletableFuture<Void> create(
      Actor actor, String environment, CreateFrom from, boolean fresh) {
    return Audited.run(
        actor,
        "CREATE ENVIRONMENT",
        environment,
        AuditTerms.of(from, fresh),
        () -> {
          requireValid(environment);
          Rights.requireReach(actor, environment);
          requireMayOpen(actor, environment);
          if (from instanceof CreateFrom.Environment(String parent)) {
            requireValid(parent);
            requireOwn(actor, parent);
          }
          if (fresh) {
            Rights.requireAdministrator(actor, "cut a snapshot");
          }
          return cloner.create(environment, from, fresh, actor.role());
        });
  }

  /** Moves an environment to the newest snapshot. */
  public CompletableFuture<Void> refresh(Actor actor, String environment, boolean force) {
    return owned(
        actor,
        "REFRESH ENVIRONMENT",
        environment,
        AuditTerms.forced(force),
        name -> cloner.refresh(name, force));
  }

  /** Takes an environment back to the snapshot that it came from. */
  public CompletableFuture<Void> reset(Actor actor, String environment, boolean force) {
    return owned(
        actor,
        "RESET ENVIRONMENT",
        environment,
        AuditTerms.forced(force),
        name -> cloner.reset(name, force));
  }

  /** Puts an environment to sleep; one that sleeps already sleeps on. */
  public CompletableFuture<Void> suspend(Actor actor, String environment, boolean force) {
    return owned(
        actor,
        "SUSPEND ENVIRONMENT",
        environment,
        AuditTerms.forced(force),
        name -> cloner.suspend(name, force));
  }

  /** Wakes an environment. */
  public CompletableFuture<Void> resume(Actor actor, String environment) {
    return owned(actor, "RESUME ENVIRONMENT", environment, cloner::resume);
  }

  /** Says whether anything automatic may remove an environment. */
  public CompletableFuture<Void> guard(Actor actor, String environment, boolean guarded) {
    String operation = guarded ? "PROTECT ENVIRONMENT" : "UNPROTECT ENVIRONMENT";
    return owned(actor, operation, environment, name -> cloner.guard(name, guarded));
  }

  /** Keeps an environment for so much longer: from now, or from when it is kept until already. */
  public CompletableFuture<Void> extend(Actor actor, String environment, Duration by) {
    return owned(
        actor,
        "EXTEND ENVIRONMENT",
        environment,
        name -> {
          Instant now = clock.instant();
          Instant until = find(name).map(EnvironmentStatus::keptUntil).orElse(now);
          return cloner.keepUntil(name, (until.isAfter(now) ? until : now).plus(by));
        });
  }

  /**
   * Says what an environment is for.
   *
   * @param text null: nothing
   */
  public CompletableFuture<Void> label(Actor actor, String environment, @Nullable String text) {
    return owned(actor, "COMMENT ON ENVIRONMENT", environment, name -> cloner.label(name, text));
  }

  /**
   * Drops an environment, one that is being made as soon as it is there. One whose record cannot be
   * read is an administrator's to drop.
   *
   * @param ifExists one that does not exist is no error
   * @return completes with false if there was none
   */
  public CompletableFuture<Boolean> drop(Actor actor, String environment, boolean ifExists) {
    return Audited.run(
        actor,
        DROP,
        environment,
        () -> {
          requireValid(environment);
          if (actor.administrator() && cloner.isUnreadable(environment)) {
            Rights.requireReach(actor, environment);
            return cloner.drop(environment);
          }
          return drop(actor, environment, ifExists, _ -> true);
        });
  }

  /**
   * The same, where it exists, of one that may be dropped besides.
   *
   * @param may asked when its turn comes; must not block
   * @return completes with false if there was none, or it stays
   */
  public CompletableFuture<Boolean> dropIf(
      Actor actor, String environment, Predicate<EnvironmentRecord> may) {
    return Audited.run(
        actor,
        DROP,
        environment,
        () -> {
          requireValid(environment);
          return drop(actor, environment, true, may);
        });
  }

  /** Whether something is under way behind a name, and nothing there yet: it may be being made. */
  public boolean isComing(String environment) {
    return cloner.isComing(environment);
  }

  /** Whose it is that is being made is known when it is there: then it is asked. */
  private CompletableFuture<Boolean> drop(
      Actor actor, String environment, boolean ifExists, Predicate<EnvironmentRecord> may) {
    if (cloner.isComing(environment)) {
      Rights.requireReach(actor, environment);
    } else if (find(environment).isPresent() || !ifExists) {
      requireOwn(actor, environment);
    } else {
      return CompletableFuture.completedFuture(false);
    }
    return cloner
        .drop(environment, record -> actor.isOwn(record.owner()) && may.test(record))
        .thenApply(dropped -> {
          if (!dropped && (find(environment).isPresent() || !ifExists)) {
            requireOwn(actor, environment);
          }
          return dropped;
        });
  }

  /** Takes what was dropped last under a name out of the trash, under the same or another name. */
  public CompletableFuture<Void> undrop(Actor actor, String former, String as) {
    return Audited.run(
        actor,
        "UNDROP ENVIRONMENT",
        former,
        AuditTerms.renamed(former, as),
        () -> {
          requireValid(former);
          requireValid(as);
          Rights.requireReach(actor, former);
          Rights.requireReach(actor, as);
          requireMayOpen(actor, as);
          // The youngest of that name is what comes back.
          boolean own =
              cloner.trash().stream()
                  .filter(trashed -> trashed.environment().name().equals(former))
                  .findFirst()
                  .filter(trashed -> actor.isOwn(trashed.environment().owner()))
                  .isPresent();
          if (!own && !actor.administrator()) {
            throw OperationException.of(
                UNDEFINED_OBJECT,
                "there is no environment \"" + former + "\" of yours in the trash",
                null,
                "SHOW TRASH lists what can be had back.");
          }
          return cloner.undrop(former, as);
        });
  }

  /** Cuts a snapshot of a source. For administrators. */
  public CompletableFuture<Void> cutSnapshot(Actor actor, String source) {
    return Audited.run(
        actor,
        "SNAPSHOT SOURCE",
        source,
        () -> {
          Rights.requireAdministrator(actor, "cut a snapshot");
          try {
            return cloner.cutSnapshot(source);
          } catch (IllegalArgumentException e) {
            throw OperationException.of(
                UNDEFINED_OBJECT,
                "source \"" + source + "\" does not exist",
                null,
                "SHOW SOURCES lists those that there are.");
          }
        });
  }

  private CompletableFuture<Void> owned(
      Actor actor,
      String operation,
      String environment,
      Function<String, CompletableFuture<?>> action) {
    return owned(actor, operation, environment, AuditTerms.NONE, action);
  }

  private CompletableFuture<Void> owned(
      Actor actor,
      String operation,
      String environment,
      AuditTerms terms,
      Function<String, CompletableFuture<?>> action) {
    return Audited.run(
        actor,
        operation,
        environment,
        terms,
        () -> {
          requireValid(environment);
          requireOwn(actor, environment);
          return action.apply(environment);
        });
  }

  private Optional<EnvironmentStatus> find(String environment) {
    return cloner.environments().stream()
        .filter(status -> status.name().equals(environment))
        .findFirst();
  }

  private static void requireValid(String environment) {
    if (!EnvironmentName.isValid(environment)) {
      throw OperationException.of(
          INVALID_NAME,
          "invalid environment name \"" + environment + "\"",
          null,
          "A name has " + EnvironmentName.GRAMMAR + ".");
    }
  }

  private void requireMayOpen(Actor actor, String environment) {
    OperationException refusal = permissions.refusal(actor, environment);
    if (refusal != null) {
      throw refusal;
    }
  }

  /** What a token does not see does not exist for it; a user of the console is told whose it is. */
  private void requireOwn(Actor actor, String environment) {
    Rights.requireReach(actor, environment);
    EnvironmentStatus status =
        find(environment)
            .filter(
                found -> !actor.via().equals(VIA_HTTP) || actor.sees(environment, found.owner()))
            .orElseThrow(() ->
                OperationException.of(
                    UNDEFINED_OBJECT,
                    "environment \"" + environment + "\" does not exist",
                    null,
                    "SHOW ENVIRONMENTS lists those that there are."));
    if (!actor.isOwn(status.owner())) {
      throw OperationException.of(
          INSUFFICIENT_PRIVILEGE,
          "must be owner of environment \"" + environment + "\"",
          Objects.requireNonNullElse(status.owner(), "Nobody") + " owns it.",
          Rights.wayToMore(actor));
    }
  }
}
