package dev.understudy.server.operate;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line of the log for each operation that was asked for: who, from where, what, and its end.
 */
final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger("dev.understudy.audit");

  private Audit() {}

  /**
   * Writes the line.
   *
   * @param operation in the words of the console
   * @param sqlState that it failed with; null: it was done
   */
  static void tell(
      Actor actor, String operation, String subject, AuditTerms terms, @Nullable String sqlState) {
    LOG.info(
        "login={} role={} via={} from={} operation=\"{}\" subject={}{} outcome={}",
        quoted(actor.login()),
        quoted(actor.role()),
        actor.via(),
        actor.from(),
        operation,
        quoted(subject),
        terms.text(),
        sqlState == null ? "done" : sqlState);
  }

  /** A name may hold anything, a line break too. */
  static String quoted(String name) {
    StringBuilder quoted = new StringBuilder("\"");
    name.codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            quoted.append('\\');
          }
          quoted.appendCodePoint(Character.isISOControl(c) ? '?' : c);
        });
    return quoted.append('"').toString();
  }
}
