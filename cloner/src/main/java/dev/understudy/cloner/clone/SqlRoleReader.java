package dev.understudy.cloner.clone;

import dev.understudy.cloner.snapshot.ReplacementKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code pg_authid}, as the bootstrap superuser, in a session of its own for each time: one
 * that stayed open would keep a database from being dropped. A superuser of the clone decides what
 * is in there, and can make the server answer anything, so all of it is bounded: how long it takes,
 * how many roles and how much text are taken, the oldest first, and what passes for a verifier.
 */
public final class SqlRoleReader implements RoleReader {
  /** Few installations have more; two MiB or so, if all of them have a password of their own. */
  static final int MOST_ROLES = 10_000;

  /** Of names and verifiers together: what one clone may take of the daemon's memory. */
  static final int MOST_TEXT = 1 << 20;

  /** Those that PostgreSQL makes have 133 characters. */
  private static final int LONGEST_VERIFIER = 512;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** No more than 999,999 iterations: each login makes the client count them. */
  private static final Pattern VERIFIER =
      Pattern.compile(
          "SCRAM-SHA-256\\$[1-9][0-9]{0,5}:[A-Za-z0-9+/=]{1,256}"
              + "\\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}="
              + "|md5[0-9a-f]{32}");

  private static final String QUERY =
      """
      SELECT rolname, rolcanlogin, pg_catalog.substr(rolpassword, 1, %d),
        rolvaliduntil = '-infinity',
        CASE WHEN pg_catalog.isfinite(rolvaliduntil) THEN rolvaliduntil END
      FROM pg_catalog.pg_authid ORDER BY oid LIMIT %d\
      """
          .formatted(LONGEST_VERIFIER + 1, MOST_ROLES + 1);

  @Override
  public RoleReading read(Clone clone) throws SQLException, InterruptedException {
    return BriefSession.inAny(
        clone, PATIENCE, connection -> read(connection, clone.id(), clone.origin()));
  }

  static RoleReading read(Connection connection, String clone, Origin origin) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      Collection found = new Collection(origin.replacementKey());
      while (found.hasRoom() && rows.next()) {
        found.add(rows);
      }
      return new RoleReading(
          new CloneRoles(clone, origin.source(), List.copyOf(found.roles.values())),
          found.unusable,
          !found.hasRoom());
    }
  }

  /** What has been read so far. */
  private static final class Collection {
    private final @Nullable String replacementKey;
    private final Map<String, CloneRole> roles = new HashMap<>();
    private int text;
    private int unusable;

    Collection(@Nullable String replacementKey) {
      this.replacementKey = replacementKey;
    }

    /** False once something was left out for want of it. */
    boolean hasRoom() {
      return roles.size() <= MOST_ROLES && text <= MOST_TEXT;
    }

    void add(ResultSet row) throws SQLException {
      CloneRole role;
      try {
        role = role(row);
      } catch (SQLException | DateTimeException e) {
        return; // of an odd answer nobody can log in by, the others stay
      }
      text += role.name().length() + (role.verifier() == null ? 0 : role.verifier().length());
      roles.put(role.name(), role);
      if (!hasRoom()) {
        roles.remove(role.name());
        text = MOST_TEXT + 1;
      }
    }

    private CloneRole role(ResultSet row) throws SQLException {
      String name = row.getString(1);
      if (name == null) {
        throw new SQLException("a role without a name");
      }
      String password = row.getString(3);
      boolean untouched =
          password != null
              && replacementKey != null
              && password.equals(ReplacementKey.verifier(replacementKey, name));
      return new CloneRole(
          name,
          row.getBoolean(2),
          untouched,
          untouched || password == null ? null : verifier(password),
          validUntil(row.getBoolean(4), row.getObject(5, OffsetDateTime.class)));
    }

    private @Nullable String verifier(String password) {
      if (password.length() <= LONGEST_VERIFIER && VERIFIER.matcher(password).matches()) {
        return password;
      }
      unusable++;
      return null;
    }

    private static @Nullable Instant validUntil(boolean never, @Nullable OffsetDateTime until) {
      if (never) {
        return Instant.EPOCH;
      }
      return until == null ? null : until.toInstant();
    }
  }
}
