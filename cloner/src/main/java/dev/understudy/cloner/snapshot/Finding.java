package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Something of production's that reaches out of a server, opens another one, or cannot be as it
 * was, and what became of it in a snapshot. Tells names, never values: nothing in it is secret.
 *
 * @param database null: of the whole cluster
 */
public record Finding(Kind kind, @Nullable String database, String name, String action) {
  /** In the order in which they are told. */
  public enum Kind {
    SETTING("settings"),
    PRELOADED_LIBRARY("preloaded libraries"),
    ROLE_SETTING("settings of roles and databases"),
    ROLE("roles"),
    DATABASE("databases"),
    REPLICATION_SLOT("replication slots"),
    SUBSCRIPTION("subscriptions"),
    PUBLICATION("publications"),
    FOREIGN_DATA_WRAPPER("foreign-data wrappers"),
    FOREIGN_SERVER("foreign servers"),
    FOREIGN_TABLE("foreign tables"),
    USER_MAPPING("user mappings"),
    CRON_JOB("cron jobs"),
    EVENT_TRIGGER("event triggers"),
    EXTENSION("extensions that reach out"),
    FUNCTION("functions that reach out"),
    TRIGGER("triggers that reach out"),
    MISSING_EXTENSION("extensions that are left out"),
    SECURITY_LABEL("security labels"),
    PASSWORD("passwords"),
    PREPARED_TRANSACTION("prepared transactions"),
    INVALID_DATABASE("invalid databases"),
    TEMPORARY_RELATION("temporary relations"),
    UNLOGGED_RELATION("unlogged relations"),
    COLLATION("collations of another version"),
    STATISTICS("statistics of foreign rows"),
    MASKED_COLUMN("masked columns"),
    TRUNCATED_TABLE("emptied tables"),
    LARGE_OBJECTS("large objects"),
    COMMENT("comments on what is masked"),
    REFRESHED_VIEW("materialized views of what is masked"),
    MASK_SCRIPT("masking scripts"),
    FAILED_OBJECT("objects that could not be restored"),
    FILE("files");

    private final String plural;

    Kind(String plural) {
      this.plural = plural;
    }

    /** For people. */
    public String plural() {
      return plural;
    }
  }

  public Finding {
    requireNonNull(kind, "kind is null");
    requireNonNull(name, "name is null");
    requireNonNull(action, "action is null");
  }

  /** With its database in front, where it has one; in one line. */
  public String qualifiedName() {
    String qualified = database == null ? name : database + "." + name;
    return qualified.replaceAll("\\p{Cntrl}", "?");
  }
}
