package dev.understudy.cloner.clone;

import java.util.Set;

/**
 * Who points at clones, as far as that can be told.
 *
 * @param environments ids of clones that environments point at
 * @param trash ids of those in the trash; an environment that points at one of them has it
 * @param durable ids of those of both whose records were forced to the disk: a power cut is no
 *     reason for one to be empty or missing
 * @param complete false if there may be an owner whom nobody knows: then nothing is done to a clone
 *     that seems to have none
 */
public record Owners(
    Set<String> environments, Set<String> trash, Set<String> durable, boolean complete) {
  public Owners {
    environments = Set.copyOf(environments);
    trash = Set.copyOf(trash);
    durable = Set.copyOf(durable);
  }

  /** False where a power cut explains that a clone has no record, or an empty one. */
  boolean mayBeDurable(String id) {
    boolean owned = environments.contains(id) || trash.contains(id);
    return owned ? durable.contains(id) : !complete;
  }
}
