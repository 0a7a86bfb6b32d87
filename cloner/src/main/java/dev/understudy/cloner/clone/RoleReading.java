package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

/**
 * What a server has said of its roles.
 *
 * @param unusable how many have a password that is no verifier; nobody logs in by those
 * @param cut true if there are more roles than are read, or more text in them: the oldest were read
 */
public record RoleReading(CloneRoles roles, int unusable, boolean cut) {
  public RoleReading {
    requireNonNull(roles, "roles is null");
  }
}
