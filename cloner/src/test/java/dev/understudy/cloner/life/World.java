package dev.understudy.cloner.life;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * All that must exist. Immutable.
 *
 * @param snapshots ids of those that are kept, by the version of production in them
 * @param environments by name
 * @param trash oldest first
 */
record World(
    SortedMap<Integer, String> snapshots,
    SortedMap<String, Living> environments,
    List<Trashed> trash) {
  /**
   * An environment that is no more.
   *
   * @param since in own time
   * @param batch of those that came at once, in any order
   */
  record Trashed(String name, Living living, Span since, int batch) {
    Trashed since(Span other) {
      return new Trashed(name, living, other, batch);
    }
  }

  World {
    snapshots = Collections.unmodifiableSortedMap(new TreeMap<>(snapshots));
    environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
    trash = List.copyOf(trash);
  }

  static World of(int version, String id) {
    return new World(new TreeMap<>(Map.of(version, id)), new TreeMap<>(), List.of());
  }

  World withSnapshot(int version, String id) {
    TreeMap<Integer, String> next = new TreeMap<>(snapshots);
    next.put(version, id);
    while (next.size() > LifeSettings.SNAPSHOTS) {
      next.pollFirstEntry();
    }
    return new World(next, environments, trash);
  }

  /** Version of production in the newest snapshot. */
  int newest() {
    return snapshots.lastKey();
  }

  /** Whether one of that name would be one too many. */
  boolean refusesOneMore(String name) {
    return !has(name)
        && (environments.size() >= LifeSettings.ENVIRONMENTS
            || (LifeSettings.expires(name)
                && environments.keySet().stream().filter(LifeSettings::expires).count()
                    >= LifeSettings.EXPIRING));
  }

  boolean has(String name) {
    return environments.containsKey(name);
  }

  Living get(String name) {
    return requireNonNull(environments.get(name), name);
  }

  World with(String name, Living living) {
    TreeMap<String, Living> next = new TreeMap<>(environments);
    next.put(name, living);
    return new World(snapshots, next, trash);
  }

  World change(String name, UnaryOperator<Living> change) {
    return with(name, change.apply(get(name)));
  }

  /** It is in the trash. */
  World without(String name, Span since) {
    return without(List.of(name), since);
  }

  /** They are in the trash, in any order. */
  World without(List<String> names, Span since) {
    TreeMap<String, Living> next = new TreeMap<>(environments);
    List<Trashed> all = new ArrayList<>(trash);
    int batch = trash.isEmpty() ? 0 : trash.getLast().batch() + 1;
    for (String name : names) {
      Living living = requireNonNull(next.remove(name), name);
      all.add(new Trashed(name, living, since, batch));
    }
    return new World(snapshots, next, all);
  }

  /** It has other data, and what it had is in the trash. */
  World replaced(String name, Content content, Span since) {
    return without(name, since).with(name, get(name).with(content));
  }

  /** The youngest of that name, if it is in the trash. */
  List<Trashed> inTrash(String name) {
    return trash.stream().filter(trashed -> trashed.name().equals(name)).toList();
  }

  World withoutTrash(Trashed gone) {
    List<Trashed> left = new ArrayList<>(trash);
    left.remove(gone);
    return withTrash(left);
  }

  World withTrash(List<Trashed> other) {
    return new World(snapshots, environments, other);
  }

  /** What a daemon remembers of time is changed in all. */
  World times(UnaryOperator<Span> change) {
    World next = this;
    for (String name : environments.keySet()) {
      next = next.change(name, living -> living.used(change.apply(living.used())));
    }
    return next.withTrash(
        trash.stream().map(trashed -> trashed.since(change.apply(trashed.since()))).toList());
  }

  /** Of what there is, the names only: what a daemon tells of itself. */
  String names() {
    List<String> all = new ArrayList<>(environments.keySet());
    trash.stream().map(trashed -> "-" + trashed.name()).sorted().forEach(all::add);
    return String.join(" ", all);
  }
}
