package dev.understudy.cloner.clone;

import java.util.List;

/** The content of {@code roles.json}: the roles of a clone, beside its record. */
record RolesRecord(List<CloneRole> roles) {
  RolesRecord {
    roles = List.copyOf(roles);
  }

  /** Verifiers stay where they are. */
  @Override
  public String toString() {
    return "RolesRecord[" + roles.size() + "]";
  }
}
