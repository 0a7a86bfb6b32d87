package dev.understudy.server.operate;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.CreateFrom;

/**
 * On what terms an operation was asked for, as its line in the audit log has them.
 *
 * @param text each as {@code key=value}, with a space before it
 */
record AuditTerms(String text) {
  static final AuditTerms NONE = new AuditTerms("");

  AuditTerms {
    requireNonNull(text, "text is null");
  }

  /** Of what an environment is to be made. */
  static AuditTerms of(CreateFrom from, boolean fresh) {
    AuditTerms origin =
        switch (from) {
          case CreateFrom.Policy _ -> NONE;
          case CreateFrom.Source(String name) -> NONE.with("from_source", name);
          case CreateFrom.Snapshot(String id) -> NONE.with("from_snapshot", id);
          case CreateFrom.Environment(String name) -> NONE.with("from_environment", name);
        };
    return fresh ? new AuditTerms(origin.text + " fresh=true") : origin;
  }

  /** Whether whoever is in the middle of something is to be disturbed. */
  static AuditTerms forced(boolean force) {
    return force ? new AuditTerms(" force=true") : NONE;
  }

  /** Under which name it is wanted back. */
  static AuditTerms renamed(String former, String as) {
    return as.equals(former) ? NONE : NONE.with("as", as);
  }

  private AuditTerms with(String key, String value) {
    return new AuditTerms(text + " " + key + "=" + Audit.quoted(value));
  }
}
