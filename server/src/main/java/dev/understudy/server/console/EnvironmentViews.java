package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.environment.Ending;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.snapshot.CutStatistics.Failure;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.source.Lag;
import dev.understudy.cloner.trash.TrashRecord;
import dev.understudy.config.Source;
import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.operate.Vocabulary;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** What is shown of environments, and of what they are made of. */
final class EnvironmentViews {
  private final Cloner cloner;
  private final Operations operations;
  private final Supplier<? extends Collection<Source>> sources;
  private final InstantSource clock;

  EnvironmentViews(
      Cloner cloner,
      Operations operations,
      Supplier<? extends Collection<Source>> sources,
      InstantSource clock) {
    this.cloner = requireNonNull(cloner, "cloner is null");
    this.operations = requireNonNull(operations, "operations is null");
    this.sources = requireNonNull(sources, "sources is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  View<EnvironmentStatus> environments(Actor actor) {
    return environments(() -> operations.environments(actor), clock);
  }

  static View<EnvironmentStatus> environments(
      Supplier<List<EnvironmentStatus>> environments, InstantSource clock) {
    return new View<>(
        List.of(
            Column.text("name"),
            Column.text("state"),
            Column.text("source"),
            Column.time("data_time"),
            Column.number("sessions"),
            Column.time("last_activity"),
            Column.text("owner"),
            Column.text("label"),
            Column.flag("protected"),
            Column.time("kept_until"),
            Column.time("created_at"),
            Column.time("ends_at"),
            Column.text("warning")),
        environments,
        environment -> {
          Ending ending = environment.endings().first();
          return ConsoleResult.row(
              environment.name(),
              Vocabulary.state(environment),
              environment.source(),
              environment.dataTime(),
              (long) environment.sessions(),
              environment.lastActivity(),
              environment.owner(),
              environment.label(),
              environment.guarded(),
              environment.keptUntil(),
              environment.createdAt(),
              ending == null ? null : ending.at(),
              ending == null ? null : ending.warning(clock.instant()));
        });
  }

  View<Source> sources() {
    return new View<>(
        List.of(
            Column.text("name"),
            Column.text("type"),
            Column.number("snapshots"),
            Column.time("data_time"),
            Column.number("lag_bytes"),
            Column.number("lag_seconds"),
            Column.flag("connected"),
            Column.time("failed_at"),
            Column.text("failure")),
        () -> List.copyOf(sources.get()),
        source -> {
          List<Snapshot> snapshots = cloner.snapshots(source.name());
          Lag lag = cloner.lag(source.name()).orElse(null);
          Failure failure = cloner.cutStatistics(source.name()).failure();
          return ConsoleResult.row(
              source.name(),
              Vocabulary.type(source.type()),
              (long) snapshots.size(),
              snapshots.isEmpty() ? null : snapshots.getFirst().dataTime(),
              lag == null ? null : lag.bytes(),
              lag == null ? null : lag.time().toSeconds(),
              lag == null ? null : lag.connected(),
              failure == null ? null : failure.at(),
              failure == null ? null : failure.message());
        });
  }

  View<TrashRecord> trash(Actor actor) {
    return new View<>(
        List.of(
            Column.text("name"),
            Column.text("id"),
            Column.text("reason"),
            Column.time("trashed_at"),
            Column.text("source"),
            Column.text("owner")),
        () -> operations.trash(actor),
        trashed ->
            ConsoleResult.row(
                trashed.environment().name(),
                trashed.id(),
                Vocabulary.reason(trashed.reason()),
                trashed.trashedAt(),
                trashed.environment().source(),
                trashed.environment().owner()));
  }
}
