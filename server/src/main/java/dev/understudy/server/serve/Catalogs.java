package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.EnvironmentPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The catalog of now: arranged anew only when there are other snapshots than last time. */
final class Catalogs implements Supplier<Catalog> {
  private final List<EnvironmentPolicy> policies;
  private final Set<String> users;
  private final @Nullable String domain;
  private final Supplier<? extends Collection<Snapshot>> newest;
  private volatile Arranged arranged;

  /**
   * @param users logins of the settings
   * @param domain as for {@link Catalog}
   * @param newest at most one snapshot of each source; cheap, asked at every connection
   */
  Catalogs(
      List<EnvironmentPolicy> policies,
      Set<String> users,
      @Nullable String domain,
      Supplier<? extends Collection<Snapshot>> newest) {
    this.policies = List.copyOf(policies);
    this.users = Set.copyOf(users);
    this.domain = domain;
    this.newest = requireNonNull(newest, "newest is null");
    this.arranged = arrange(List.copyOf(newest.get()));
  }

  @Override
  public Catalog get() {
    List<Snapshot> now = List.copyOf(newest.get());
    Arranged last = arranged;
    if (!last.isOf(now)) {
      last = arrange(now);
      arranged = last;
    }
    return last.catalog();
  }

  private Arranged arrange(List<Snapshot> snapshots) {
    return new Arranged(snapshots, new Catalog(policies, users, domain, snapshots));
  }

  private record Arranged(List<Snapshot> snapshots, Catalog catalog) {
    /** Snapshots never change, so their ids tell. */
    boolean isOf(List<Snapshot> others) {
      return ids(snapshots).equals(ids(others));
    }

    private static List<String> ids(List<Snapshot> snapshots) {
      return snapshots.stream().map(Snapshot::id).sorted().toList();
    }
  }
}
