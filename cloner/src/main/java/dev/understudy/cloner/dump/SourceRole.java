package dev.understudy.cloner.dump;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A role of production, as its catalogs have it.
 *
 * @param bootstrap it is the one that initdb made
 * @param connectionLimit -1: none
 * @param verifier null where it has none, or none can be read; secret
 * @param validUntil as PostgreSQL writes it; null: for ever
 */
record SourceRole(
    String name,
    boolean bootstrap,
    boolean superuser,
    boolean inherit,
    boolean createRole,
    boolean createDatabase,
    boolean canLogin,
    boolean replication,
    boolean bypassRls,
    int connectionLimit,
    @Nullable String verifier,
    @Nullable String validUntil,
    @Nullable String comment) {
  SourceRole {
    requireNonNull(name, "name is null");
  }

  @Override
  public String toString() {
    return "SourceRole[" + name + "]";
  }

  /**
   * Membership of one role in another, whoever granted it.
   *
   * @param inherit null before PostgreSQL 16, where it is the member's attribute
   * @param set likewise
   */
  record Membership(
      String group,
      String member,
      boolean admin,
      @Nullable Boolean inherit,
      @Nullable Boolean set) {}

  /**
   * What ALTER ROLE and ALTER DATABASE have SET.
   *
   * @param database null: in all
   * @param role null: for all
   * @param entries each {@code name=value}
   */
  record Settings(@Nullable String database, @Nullable String role, List<String> entries) {
    Settings {
      entries = List.copyOf(entries);
    }
  }
}
