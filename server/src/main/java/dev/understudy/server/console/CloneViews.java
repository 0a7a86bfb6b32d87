package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.pool.Usage;
import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.Vocabulary;
import dev.understudy.server.usage.StorageReadings;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is shown of clones: their bytes as they were measured last, which costs nothing. */
final class CloneViews {
  private final Function<Actor, List<EnvironmentStatus>> environments;
  private final StorageReadings storage;

  /** Of the environments that one may see. */
  CloneViews(Function<Actor, List<EnvironmentStatus>> environments, StorageReadings storage) {
    this.environments = requireNonNull(environments, "environments is null");
    this.storage = requireNonNull(storage, "storage is null");
  }

  View<EnvironmentStatus> clones(Actor actor) {
    return new View<>(
        List.of(
            Column.text("environment"),
            Column.text("id"),
            Column.text("state"),
            Column.number("private_bytes"),
            Column.number("shared_bytes")),
        () ->
            environments.apply(actor).stream()
                .filter(environment -> environment.target() != null)
                .toList(),
        this::row);
  }

  private List<@Nullable Object> row(EnvironmentStatus environment) {
    Usage usage = storage.lately(environment).orElse(null);
    return ConsoleResult.row(
        environment.name(),
        environment.target(),
        Vocabulary.state(environment),
        usage == null ? null : usage.exclusiveBytes(),
        usage == null ? null : usage.sharedBytes());
  }
}
