package dev.understudy.cloner.clone;

import java.util.Set;

/**
 * Who points at clones, as far as that can be told.
 *
 * @param environments ids of clones that environments point at
 * @param trash ids of those in the trash; an environment that points at one of them has it
 * @param complete false if there may be an owner whom nobody knows: then nothing is done to a clone
 *     that seems to have none
 */
public record Owners(Set<String> environments, Set<String> trash, boolean complete) {
  public Owners {
    environments = Set.copyOf(environments);
    trash = Set.copyOf(trash);
  }
}
