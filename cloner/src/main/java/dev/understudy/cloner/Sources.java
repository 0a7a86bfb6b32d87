package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.CutStatistics;
import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.cloner.snapshot.Recipe;
import dev.understudy.cloner.snapshot.RoomMaker;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.snapshot.SnapshotCutter;
import dev.understudy.cloner.snapshot.SnapshotException;
import dev.understudy.cloner.snapshot.SnapshotKeeper;
import dev.understudy.cloner.snapshot.SnapshotStore;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.standby.CollationReindexing;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sources of the settings, each with a keeper of its snapshots. Thread-safe. */
final class Sources {
  private final SnapshotStore store;
  private final Map<String, SnapshotKeeper> keepers = new LinkedHashMap<>();

  /**
   * @param adopted the settings of now; sources stay the same
   * @param onPublished told a source that has a new snapshot; must not block
   * @param room where a snapshot finds none
   * @param progress by name of a source: who hears how far a copy is
   */
  Sources(
      Supplier<Adopted> adopted,
      Foundation foundation,
      Mirrors mirrors,
      SnapshotStore store,
      Consumer<String> onPublished,
      RoomMaker room,
      Function<String, CopyListener> progress,
      InstantSource clock) {
    this.store = requireNonNull(store, "store is null");
    SnapshotCutter cutter =
        new SnapshotCutter(
            store,
            foundation.pool(),
            foundation.servers(),
            foundation::binaries,
            name -> recipe(adopted.get(), name),
            room,
            clock);
    for (Source source : adopted.get().settings().sources().values()) {
      String name = source.name();
      keepers.put(
          name,
          new SnapshotKeeper(
              mirrors.of(source),
              () -> named(adopted.get().settings(), name).snapshots(),
              cutter,
              store,
              () -> progress.apply(name),
              () -> onPublished.accept(name),
              clock,
              () -> adopted.get().settings().scheduleTimezone()));
    }
  }

  private static Source named(Settings settings, String name) {
    return requireNonNull(settings.sources().get(name), "a source of other settings");
  }

  private static Recipe recipe(Adopted adopted, String name) {
    Source source = named(adopted.settings(), name);
    return new Recipe(
        SourceSteps.of(changes(source, adopted.masks().steps(name)), source.fidelity()),
        adopted.masks().digest(name));
  }

  /** Masks are looked for by index, so indexes are right before. */
  private static List<PreparationStep> changes(Source source, List<PreparationStep> masks) {
    List<PreparationStep> changes = new ArrayList<>();
    if (source.type() instanceof SourceType.Standby standby
        && standby.collations() == SourceType.Collations.REINDEX) {
      changes.add(new CollationReindexing());
    }
    changes.addAll(masks);
    return List.copyOf(changes);
  }

  /**
   * Begins to keep snapshots, and waits until each source that has none has got its first, or has
   * failed to; that one is tried again by itself.
   *
   * @throws ClonerException if no source has a snapshot then
   */
  void start() throws ClonerException, InterruptedException {
    Map<String, CompletableFuture<Snapshot>> first = new LinkedHashMap<>();
    keepers.forEach((name, keeper) -> {
      if (store.newest(name).isEmpty()) {
        first.put(name, keeper.cut());
      }
      keeper.start();
    });
    ClonerException failure = null;
    for (Map.Entry<String, CompletableFuture<Snapshot>> cut : first.entrySet()) {
      try {
        cut.getValue().get();
      } catch (ExecutionException e) {
        failure = failed(cut.getKey(), e.getCause());
      }
    }
    if (failure != null
        && keepers.keySet().stream().allMatch(name -> store.newest(name).isEmpty())) {
      throw failure;
    }
  }

  private static ClonerException failed(String source, @Nullable Throwable cause) {
    if (!(cause instanceof SnapshotException e)) {
      throw new AssertionError("a keeper fails with nothing else", cause);
    }
    String detail = e.detail() == null ? "" : "\n" + e.detail();
    return new ClonerException(
        "source %s: %s%s".formatted(source, e.getMessage(), detail), e.hint(), e);
  }

  /**
   * The settings are other ones from now on. A source whose snapshots may serve nobody any more
   * gets a new one. Does not block.
   */
  void settingsChanged() {
    keepers.forEach((name, keeper) -> {
      keeper.settingsChanged();
      if (store.newest(name).isEmpty()) {
        var _ = keeper.cut();
      }
    });
  }

  /**
   * Cuts a snapshot that holds everything committed before this call; fails with {@link
   * SnapshotException} and nothing else.
   *
   * @throws IllegalArgumentException if there is no such source
   */
  CompletableFuture<Snapshot> cut(String source) {
    return keeper(source).cut();
  }

  /**
   * As {@link SnapshotKeeper#statistics}.
   *
   * @throws IllegalArgumentException if there is no such source
   */
  CutStatistics statistics(String source) {
    return keeper(source).statistics();
  }

  private SnapshotKeeper keeper(String source) {
    SnapshotKeeper keeper = keepers.get(source);
    if (keeper == null) {
      throw new IllegalArgumentException("there is no source " + source);
    }
    return keeper;
  }

  /** Ends what is being cut; nothing of it is left when this returns. Idempotent. */
  void close() throws InterruptedException {
    for (SnapshotKeeper keeper : keepers.values()) {
      keeper.close();
    }
  }
}
