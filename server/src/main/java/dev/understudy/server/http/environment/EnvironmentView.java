package dev.understudy.server.http.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Settings;
import dev.understudy.server.http.environment.EnvironmentBody.Storage;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Operations;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Environments as their clients may see them. Thread-safe. */
public final class EnvironmentView {
  private static final String UNDEFINED_OBJECT = "42704";
  private static final String SYSTEM_ERROR = "58000";

  private final Cloner cloner;
  private final Operations operations;
  private final Supplier<Settings> settings;

  public EnvironmentView(Cloner cloner, Operations operations, Supplier<Settings> settings) {
    this.cloner = requireNonNull(cloner, "cloner is null");
    this.operations = requireNonNull(operations, "operations is null");
    this.settings = requireNonNull(settings, "settings is null");
  }

  /** By name. */
  List<EnvironmentStatus> all(Actor actor) {
    return operations.environments(actor);
  }

  Optional<EnvironmentStatus> find(Actor actor, String name) {
    return all(actor).stream().filter(status -> status.name().equals(name)).findFirst();
  }

  /**
   * One that the actor may see.
   *
   * @throws OperationException with 42704 if there is none
   */
  EnvironmentStatus get(Actor actor, String name) {
    return find(actor, name)
        .orElseThrow(() ->
            OperationException.of(
                UNDEFINED_OBJECT,
                "environment \"" + name + "\" does not exist",
                null,
                "GET /api/v1/environments lists those that you may see."));
  }

  EnvironmentBody body(Actor actor, String name) {
    return body(get(actor, name), false);
  }

  /** Blocks where storage is wanted, which the file system is asked for. */
  EnvironmentBody body(EnvironmentStatus status, boolean withStorage) {
    return EnvironmentBody.of(
        status, policy(status.name()), withStorage ? storage(status.name()) : null);
  }

  /** As it is told in events. */
  public EnvironmentBody body(EnvironmentStatus status) {
    return body(status, false);
  }

  /** Null: it has no clone. */
  @Nullable Storage storage(String name) {
    try {
      return cloner.usage(name).map(Storage::of).orElse(null);
    } catch (IOException e) {
      throw OperationException.of(
          SYSTEM_ERROR,
          "the size of environment \"" + name + "\" cannot be read",
          e.getMessage(),
          null);
    }
  }

  /** That an environment of a name has its data from; null: there can be none. */
  @Nullable String source(String name) {
    EnvironmentPolicy policy = policy(name);
    return policy == null ? null : policy.source();
  }

  private @Nullable EnvironmentPolicy policy(String name) {
    return settings.get().policyOf(name).orElse(null);
  }
}
