package dev.understudy.cloner.clone;

import java.util.Map;
import java.util.Set;

/**
 * What an earlier daemon left.
 *
 * @param usable by id: whole, running or to be started
 * @param lost ids of owned clones whose data died with the host
 * @param unreadable ids of clones whose record cannot be read; nothing is done to them
 */
public record RecoveredClones(Map<String, Clone> usable, Set<String> lost, Set<String> unreadable) {
  public RecoveredClones {
    usable = Map.copyOf(usable);
    lost = Set.copyOf(lost);
    unreadable = Set.copyOf(unreadable);
  }
}
