package dev.understudy.cloner.dump;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.source.LeftOut;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes production's roles in a fresh cluster. Those that are left out are there too while
 * databases are restored, as names that grants and owners can mean, and go afterwards with all that
 * is theirs.
 */
final class RoleCreation {
  private final SourceCluster source;
  private final Exclusions exclusions;
  private final String superuser;

  RoleCreation(SourceCluster source, Exclusions exclusions, String superuser) {
    this.source = source;
    this.exclusions = exclusions;
    this.superuser = superuser;
  }

  /**
   * The name for initdb's superuser: production's own, where that one is a role like others, may
   * log in, and comes along; else one that no role has.
   */
  static String superuser(SourceCluster source, Exclusions exclusions) {
    Set<String> names = source.roleNames();
    for (SourceRole role : source.roles()) {
      if (role.bootstrap()
          && role.superuser()
          && role.canLogin()
          && !exclusions.isRole(role.name())) {
        return role.name();
      }
    }
    String name = "understudy";
    for (int i = 1; names.contains(name); i++) {
      name = "understudy_" + i;
    }
    return name;
  }

  void create(Connection connection) throws SQLException {
    for (SourceRole role : source.roles()) {
      if (exclusions.isRole(role.name())) {
        Rows.execute(connection, "CREATE ROLE %s NOLOGIN".formatted(identifier(role)));
      } else {
        boolean there = role.name().equals(superuser);
        Rows.execute(
            connection,
            "%s ROLE %s %s".formatted(there ? "ALTER" : "CREATE", identifier(role), options(role)));
        if (role.comment() != null) {
          Rows.execute(
              connection,
              "COMMENT ON ROLE %s IS %s"
                  .formatted(identifier(role), SqlText.literal(role.comment())));
        }
      }
    }
    grant(connection);
  }

  private static String identifier(SourceRole role) {
    return SqlText.identifier(role.name());
  }

  private static String options(SourceRole role) {
    List<String> options = new ArrayList<>();
    options.add(option("SUPERUSER", role.superuser()));
    options.add(option("INHERIT", role.inherit()));
    options.add(option("CREATEROLE", role.createRole()));
    options.add(option("CREATEDB", role.createDatabase()));
    options.add(option("LOGIN", role.canLogin()));
    options.add(option("REPLICATION", role.replication()));
    options.add(option("BYPASSRLS", role.bypassRls()));
    options.add("CONNECTION LIMIT " + role.connectionLimit());
    if (role.verifier() != null) {
      options.add("PASSWORD " + SqlText.literal(role.verifier()));
    }
    if (role.validUntil() != null) {
      options.add("VALID UNTIL " + SqlText.literal(role.validUntil()));
    }
    return String.join(" ", options);
  }

  private static String option(String name, boolean set) {
    return set ? name : "NO" + name;
  }

  private void grant(Connection connection) throws SQLException {
    Set<String> here =
        new HashSet<>(
            Rows.all(connection, "SELECT rolname FROM pg_roles", row -> row.getString(1)));
    for (SourceRole.Membership membership : source.memberships()) {
      if (here.contains(membership.group())
          && here.contains(membership.member())
          && !exclusions.isRole(membership.group())
          && !exclusions.isRole(membership.member())) {
        Rows.execute(
            connection,
            "GRANT %s TO %s%s"
                .formatted(
                    SqlText.identifier(membership.group()),
                    SqlText.identifier(membership.member()),
                    options(membership)));
      }
    }
  }

  private static String options(SourceRole.Membership membership) {
    if (membership.inherit() == null) {
      return membership.admin() ? " WITH ADMIN OPTION" : "";
    }
    return " WITH ADMIN %s, INHERIT %s, SET %s"
        .formatted(membership.admin(), membership.inherit(), membership.set());
  }

  private List<String> excluded() {
    return source.roles().stream().map(SourceRole::name).filter(exclusions::isRole).toList();
  }

  /**
   * Takes all that is of the roles that are left out, in one database and of the whole cluster:
   * what they own is the superuser's, what was granted to them is granted no more.
   */
  void disown(Connection connection) throws SQLException {
    List<String> excluded = excluded();
    if (!excluded.isEmpty()) {
      String names = String.join(", ", excluded.stream().map(SqlText::identifier).toList());
      Rows.execute(
          connection,
          "REASSIGN OWNED BY %s TO %s".formatted(names, SqlText.identifier(superuser)),
          "DROP OWNED BY " + names);
    }
  }

  /** The last step of the roles that are left out; nothing is theirs any more. */
  List<LeftOut> drop(Connection connection) throws SQLException {
    List<LeftOut> leftOut = new ArrayList<>();
    for (String name : excluded()) {
      Rows.execute(connection, "DROP ROLE " + SqlText.identifier(name));
      leftOut.add(
          new LeftOut(
              LeftOut.Kind.ROLE,
              null,
              name,
              "left out: what it owned is the superuser's, and nothing is granted to it"));
    }
    if (!source.readsPasswords()) {
      leftOut.add(
          new LeftOut(
              LeftOut.Kind.ROLE,
              null,
              "all",
              "without their passwords, which role %s may not read".formatted(source.user())));
    }
    return leftOut;
  }
}
