package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Settings;
import dev.understudy.config.Tls;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The catalog of now: arranged anew only when there are other snapshots or settings than last time.
 */
final class Catalogs implements Supplier<Catalog> {
  private final Supplier<Settings> settings;
  private final Supplier<? extends Collection<Snapshot>> newest;
  private volatile Arranged arranged;

  /**
   * Both are cheap, as they are asked at every connection.
   *
   * @param settings those of now
   * @param newest at most one snapshot of each source
   */
  Catalogs(Supplier<Settings> settings, Supplier<? extends Collection<Snapshot>> newest) {
    this.settings = requireNonNull(settings, "settings is null");
    this.newest = requireNonNull(newest, "newest is null");
    this.arranged = arrange(settings.get(), List.copyOf(newest.get()));
  }

  @Override
  public Catalog get() {
    Settings wanted = settings.get();
    List<Snapshot> now = List.copyOf(newest.get());
    Arranged last = arranged;
    if (!last.isOf(wanted, now)) {
      last = arrange(wanted, now);
      arranged = last;
    }
    return last.catalog();
  }

  private static Arranged arrange(Settings settings, List<Snapshot> snapshots) {
    Tls tls = settings.listen().tls();
    return new Arranged(
        settings,
        snapshots,
        new Catalog(
            settings.environments(),
            settings.users().keySet(),
            tls == null ? null : tls.domain(),
            snapshots));
  }

  private record Arranged(Settings settings, List<Snapshot> snapshots, Catalog catalog) {
    /** Snapshots never change, so their ids tell. */
    boolean isOf(Settings others, List<Snapshot> other) {
      return settings.equals(others) && ids(snapshots).equals(ids(other));
    }

    private static List<String> ids(List<Snapshot> snapshots) {
      return snapshots.stream().map(Snapshot::id).sorted().toList();
    }
  }
}
