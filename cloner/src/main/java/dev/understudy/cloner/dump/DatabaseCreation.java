package dev.understudy.cloner.dump;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.source.LeftOut;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes production's databases in a fresh cluster: empty ones first, and their settings last. */
final class DatabaseCreation {
  private static final Set<String> NO_SUCH_LOCALE = Set.of("42809", "22023");

  private final SourceCluster source;
  private final List<SourceDatabase> databases;
  private final Exclusions exclusions;

  /**
   * @param databases those of the source that are wanted
   */
  DatabaseCreation(SourceCluster source, List<SourceDatabase> databases, Exclusions exclusions) {
    this.source = source;
    this.databases = databases;
    this.exclusions = exclusions;
  }

  /** In a session of another database than these. */
  void create(Connection connection) throws SQLException {
    for (SourceDatabase database : databases) {
      Rows.execute(
          connection,
          "DROP DATABASE IF EXISTS " + SqlText.identifier(database.name()),
          statement(database));
      if (database.comment() != null) {
        Rows.execute(
            connection,
            "COMMENT ON DATABASE %s IS %s"
                .formatted(
                    SqlText.identifier(database.name()), SqlText.literal(database.comment())));
      }
      grant(connection, database);
    }
  }

  private String statement(SourceDatabase database) {
    StringBuilder statement =
        new StringBuilder(
            "CREATE DATABASE %s TEMPLATE template0 OWNER %s ENCODING %s LC_COLLATE %s LC_CTYPE %s"
                .formatted(
                    SqlText.identifier(database.name()),
                    SqlText.identifier(database.owner()),
                    SqlText.literal(database.encoding()),
                    SqlText.literal(database.collate()),
                    SqlText.literal(database.ctype())));
    statement.append(" CONNECTION LIMIT ").append(database.connectionLimit());
    if (database.provider() == 'i') {
      statement.append(" LOCALE_PROVIDER icu ICU_LOCALE ").append(locale(database));
    } else if (database.provider() == 'b') {
      statement.append(" LOCALE_PROVIDER builtin BUILTIN_LOCALE ").append(locale(database));
    } else if (source.major() >= 15) {
      statement.append(" LOCALE_PROVIDER libc");
    }
    if (database.icuRules() != null) {
      statement.append(" ICU_RULES ").append(SqlText.literal(database.icuRules()));
    }
    return statement.toString();
  }

  private static String locale(SourceDatabase database) {
    return SqlText.literal(database.locale() == null ? "" : database.locale());
  }

  private static void grant(Connection connection, SourceDatabase database) throws SQLException {
    List<SourceDatabase.Grant> grants = database.grants();
    if (grants == null) {
      return;
    }
    String on = " ON DATABASE " + SqlText.identifier(database.name());
    Rows.execute(
        connection,
        "REVOKE ALL%s FROM PUBLIC".formatted(on),
        "REVOKE ALL%s FROM %s".formatted(on, SqlText.identifier(database.owner())));
    for (SourceDatabase.Grant grant : grants) {
      Rows.execute(
          connection,
          "GRANT %s%s TO %s%s"
              .formatted(
                  grant.privilege(),
                  on,
                  grant.grantee() == null ? "PUBLIC" : SqlText.identifier(grant.grantee()),
                  grant.grantable() ? " WITH GRANT OPTION" : ""));
    }
  }

  /** In words of an administrator's. */
  static SourceException notCreated(SQLException e) {
    boolean locale = NO_SUCH_LOCALE.contains(e.getSQLState());
    return new SourceException(
        locale ? Kind.UNSUPPORTED : Kind.COPY,
        locale
            ? "a locale of production is not installed here"
            : "production's roles and databases cannot be made here",
        e.getMessage(),
        locale ? LocaleHint.TEXT : null,
        e);
  }

  /**
   * What would bend our own sessions comes when nothing is left to be done: what ALTER ROLE and
   * ALTER DATABASE have SET, as the catalog has it. A setting that PostgreSQL does not know here is
   * a provider's, and would be warned of at each login.
   */
  List<LeftOut> finish(Connection connection) throws SQLException {
    List<LeftOut> leftOut = new ArrayList<>();
    Set<String> known =
        new HashSet<>(
            Rows.all(connection, "SELECT lower(name) FROM pg_settings", row -> row.getString(1)));
    for (SourceRole.Settings settings : source.roleSettings()) {
      String role = settings.role();
      String database = settings.database();
      if ((role != null && exclusions.isRole(role))
          || (database != null
              && databases.stream().noneMatch(made -> made.name().equals(database)))) {
        continue;
      }
      List<String> kept = new ArrayList<>();
      for (String entry : settings.entries()) {
        String name = entry.substring(0, Math.max(0, entry.indexOf('=')));
        if (name.contains(".") || known.contains(name.toLowerCase(Locale.ROOT))) {
          kept.add(entry);
        } else {
          leftOut.add(
              new LeftOut(LeftOut.Kind.SETTING, database, name, "left out: not known here"));
        }
      }
      if (!kept.isEmpty()) {
        insert(connection, database, role, kept.toArray(String[]::new));
      }
    }
    for (SourceDatabase database : databases) {
      if (database.template()) {
        Rows.execute(
            connection,
            "ALTER DATABASE %s IS_TEMPLATE true".formatted(SqlText.identifier(database.name())));
      }
    }
    return leftOut;
  }

  private static void insert(
      Connection connection, @Nullable String database, @Nullable String role, String[] entries)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            INSERT INTO pg_db_role_setting (setdatabase, setrole, setconfig)
            VALUES (coalesce((SELECT oid FROM pg_database WHERE datname = ?), 0),
              coalesce((SELECT oid FROM pg_roles WHERE rolname = ?), 0), ?)\
            """)) {
      statement.setString(1, database);
      statement.setString(2, role);
      statement.setArray(3, connection.createArrayOf("text", entries));
      statement.executeUpdate();
    }
  }
}
