package dev.understudy.cloner.life;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that must exist. Immutable.
 *
 * @param newest version of production in the newest snapshot
 * @param environments by name
 * @param trash oldest first
 */
record World(int newest, SortedMap<String, Content> environments, List<Trashed> trash) {
  /** An environment that is no more. */
  record Trashed(String name, Content content) {}

  World {
    environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
    trash = List.copyOf(trash);
  }

  static World of(int newest) {
    return new World(newest, new TreeMap<>(), List.of());
  }

  World withSnapshot(int version) {
    return new World(version, environments, trash);
  }

  World with(String name, Content content) {
    TreeMap<String, Content> next = new TreeMap<>(environments);
    next.put(name, content);
    return new World(newest, next, trash);
  }

  /** It is in the trash. */
  World without(String name) {
    TreeMap<String, Content> next = new TreeMap<>(environments);
    Content content = requireNonNull(next.remove(name), name);
    return new World(newest, next, plus(new Trashed(name, content)));
  }

  /** It has other data, and what it had is in the trash. */
  World replaced(String name, Content content) {
    return without(name).with(name, content);
  }

  /** The youngest of that name is back. */
  World undropped(String former, String name) {
    List<Trashed> left = new ArrayList<>(trash);
    for (int i = left.size() - 1; i >= 0; i--) {
      if (left.get(i).name().equals(former)) {
        Content content = left.remove(i).content();
        return new World(newest, environments, left).with(name, content);
      }
    }
    throw new AssertionError("nothing of " + former + " in the trash");
  }

  boolean hasInTrash(String name) {
    return trash.stream().anyMatch(trashed -> trashed.name().equals(name));
  }

  /** Of what there is, the names only: what a daemon tells of itself. */
  List<String> names() {
    List<String> all = new ArrayList<>(environments.keySet());
    trash.stream().map(trashed -> "-" + trashed.name()).sorted().forEach(all::add);
    return all;
  }

  World withTrash(List<Trashed> other) {
    return new World(newest, environments, other);
  }

  private List<Trashed> plus(Trashed added) {
    List<Trashed> all = new ArrayList<>(trash);
    all.add(added);
    return all;
  }
}
