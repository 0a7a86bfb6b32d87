package dev.understudy.cloner.clone;

import java.util.Map;
import java.util.Set;

/**
 * What an earlier daemon left.
 *
 * @param usable by id: whole, running or to be started
 * @param unreadable ids of clones whose record cannot be read; nothing is done to them
 */
public record RecoveredClones(Map<String, Clone> usable, Set<String> unreadable) {
  public RecoveredClones {
    usable = Map.copyOf(usable);
    unreadable = Set.copyOf(unreadable);
  }
}
