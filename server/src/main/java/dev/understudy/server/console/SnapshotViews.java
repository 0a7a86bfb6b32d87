package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Finding;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.server.operate.Snapshots;
import dev.understudy.server.operate.Vocabulary;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is shown of snapshots. */
final class SnapshotViews {
  private final Snapshots snapshots;

  SnapshotViews(Snapshots snapshots) {
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
  }

  View<Snapshot> snapshots() {
    return new View<>(
        List.of(
            Column.text("id"),
            Column.text("source"),
            Column.time("data_time"),
            Column.time("created_at"),
            Column.text("version"),
            Column.number("bytes"),
            Column.number("databases"),
            Column.flag("masked")),
        snapshots::all,
        snapshot ->
            ConsoleResult.row(
                snapshot.id(),
                snapshot.source(),
                snapshot.dataTime(),
                snapshot.createdAt(),
                Vocabulary.version(snapshot),
                snapshot.sizeBytes(),
                (long) Vocabulary.databases(snapshot).size(),
                snapshot.mask() != null));
  }

  /** A finding, and where. */
  private record Found(Snapshot snapshot, Finding finding) {
    static Stream<Found> in(Snapshot snapshot) {
      return Snapshots.findings(snapshot).stream().map(finding -> new Found(snapshot, finding));
    }
  }

  /**
   * What was found, and what became of it.
   *
   * @param id of the only snapshot that is wanted; null: all
   */
  View<?> findings(@Nullable String id) {
    return new View<>(
        List.of(
            Column.text("source"),
            Column.text("snapshot"),
            Column.text("kind"),
            Column.text("database"),
            Column.text("name"),
            Column.text("action")),
        () -> {
          List<Snapshot> wanted = id == null ? snapshots.all() : List.of(snapshots.named(id));
          return wanted.stream().flatMap(Found::in).toList();
        },
        found ->
            ConsoleResult.row(
                found.snapshot().source(),
                found.snapshot().id(),
                Vocabulary.kind(found.finding()),
                found.finding().database(),
                found.finding().name(),
                found.finding().action()));
  }
}
