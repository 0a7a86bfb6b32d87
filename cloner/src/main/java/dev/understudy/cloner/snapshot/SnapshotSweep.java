package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes snapshots of sources that are in the settings no more, of which nobody else would take
 * care. For a start, before anything is made of snapshots.
 */
public final class SnapshotSweep {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotSweep.class);

  private final SnapshotStore store;

  public SnapshotSweep(SnapshotStore store) {
    this.store = requireNonNull(store, "store is null");
  }

  /**
   * Removes them, but for those that something was made of: with the settings of before, that could
   * be reset to them.
   *
   * @param sources those of the settings
   * @param needed ids of snapshots that something was made of
   */
  public void run(Set<String> sources, Set<String> needed) {
    Map<String, List<Snapshot>> others =
        store.all().stream()
            .filter(snapshot -> !sources.contains(snapshot.source()))
            .collect(Collectors.groupingBy(Snapshot::source));
    others.forEach((source, snapshots) -> {
      List<Snapshot> removed =
          snapshots.stream().filter(snapshot -> !needed.contains(snapshot.id())).toList();
      LOG.info(
          "source {} is in the settings no more: {} of its snapshots are removed, and {} stay until"
              + " what was made of them is gone",
          source,
          removed.size(),
          snapshots.size() - removed.size());
      removed.forEach(this::remove);
    });
  }

  private void remove(Snapshot snapshot) {
    try {
      store.delete(snapshot);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} is left until the next start", snapshot.directory(), e);
    }
  }
}
