package dev.understudy.server.http.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Settings;
import dev.understudy.server.http.environment.EnvironmentBody.Storage;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.usage.StorageReadings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Environments as their clients may see them. Thread-safe. */
public final class EnvironmentView {
  private static final String UNDEFINED_OBJECT = "42704";
  private static final String SYSTEM_ERROR = "58000";
  private static final String CANNOT_CONNECT_NOW = "57P03";

  private final StorageReadings readings;
  private final Operations operations;
  private final Supplier<Settings> settings;

  public EnvironmentView(
      StorageReadings readings, Operations operations, Supplier<Settings> settings) {
    this.readings = requireNonNull(readings, "readings is null");
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
    return body(get(actor, name));
  }

  /** With what it took when it was measured last. */
  EnvironmentBody bodyWithStorage(EnvironmentStatus status) {
    return body(status, storage(status));
  }

  /** With what it takes now, which the file system is asked for: blocks. */
  EnvironmentBody measured(EnvironmentStatus status) throws InterruptedException {
    try {
      return body(status, readings.now(status).map(Storage::of).orElse(null));
    } catch (TimeoutException e) {
      throw OperationException.of(
          CANNOT_CONNECT_NOW,
          "too many environments are measured at once",
          null,
          "Ask again later, or without usage=true.");
    } catch (IOException e) {
      throw OperationException.of(
          SYSTEM_ERROR,
          "the size of environment \"" + status.name() + "\" cannot be read",
          e.getMessage(),
          null);
    }
  }

  /** As it is told in events. */
  public EnvironmentBody body(EnvironmentStatus status) {
    return body(status, null);
  }

  private EnvironmentBody body(EnvironmentStatus status, @Nullable Storage storage) {
    return EnvironmentBody.of(status, storage);
  }

  /** As it was measured last; null: it was not yet. Cheap. */
  @Nullable Storage storage(EnvironmentStatus status) {
    return readings.lately(status).map(Storage::of).orElse(null);
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
