package dev.understudy.server.operate;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Finding;
import dev.understudy.cloner.snapshot.Snapshot;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Snapshots that environments can be made of, whichever way they are asked for. Everybody may see
 * them, and what was found in them.
 */
public final class Snapshots {
  private static final String UNDEFINED_OBJECT = "42704";

  private final Supplier<? extends Collection<String>> sources;
  private final Function<String, List<Snapshot>> snapshots;

  /**
   * @param sources names of those of now
   * @param snapshots of one source, youngest first
   */
  public Snapshots(
      Supplier<? extends Collection<String>> sources, Function<String, List<Snapshot>> snapshots) {
    this.sources = requireNonNull(sources, "sources is null");
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
  }

  /** Those of each source, one source after the other. */
  public List<Snapshot> all() {
    return sources.get().stream().flatMap(source -> snapshots.apply(source).stream()).toList();
  }

  /**
   * One of them.
   *
   * @throws OperationException with 42704 if there is none of that id
   */
  public Snapshot named(String id) {
    return all().stream()
        .filter(snapshot -> snapshot.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            OperationException.of(
                UNDEFINED_OBJECT,
                "snapshot \"" + id + "\" does not exist",
                null,
                "SHOW SNAPSHOTS lists those that there are."));
  }

  /** What was found in a snapshot and what became of it, by kind. */
  public static List<Finding> findings(Snapshot snapshot) {
    return snapshot.findings().stream().sorted(Comparator.comparing(Finding::kind)).toList();
  }
}
