package dev.understudy.cloner.dump;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database of production, seen from outside.
 *
 * @param owner name of the role
 * @param provider of locales: {@code c}, {@code i} or {@code b}, as in pg_database
 * @param locale of a provider other than libc
 * @param icuRules beside those of the locale
 * @param connectable by us
 * @param grants null: as no GRANT and no REVOKE had been
 * @param size in bytes; 0 where that is not to be known
 */
record SourceDatabase(
    String name,
    String owner,
    String encoding,
    char provider,
    String collate,
    String ctype,
    @Nullable String locale,
    @Nullable String icuRules,
    int connectionLimit,
    boolean allowsConnections,
    boolean template,
    boolean connectable,
    @Nullable String comment,
    @Nullable List<Grant> grants,
    long size) {
  SourceDatabase {
    requireNonNull(name, "name is null");
    requireNonNull(owner, "owner is null");
    requireNonNull(encoding, "encoding is null");
    requireNonNull(collate, "collate is null");
    requireNonNull(ctype, "ctype is null");
    grants = grants == null ? null : List.copyOf(grants);
  }

  /**
   * A right on the database.
   *
   * @param grantee null: PUBLIC
   */
  record Grant(@Nullable String grantee, String privilege, boolean grantable) {
    Grant {
      requireNonNull(privilege, "privilege is null");
    }
  }
}
