package dev.understudy.cloner.dump;

import dev.understudy.cloner.dump.SourceDatabase.Grant;
import dev.understudy.cloner.source.CarriedSettings;
import dev.understudy.cloner.source.LeftBehind;
import dev.understudy.cloner.source.WritePosition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what production says of itself. Asks for nothing that an ordinary role may not see, but for
 * passwords, and those only where it may.
 */
final class ClusterReader {
  private static final String ROLES =
      """
      SELECT rolname, oid = 10, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
        rolreplication, rolbypassrls, rolconnlimit, PASSWORD, rolvaliduntil::text,
        shobj_description(oid, 'pg_authid')
      FROM CATALOG WHERE rolname !~ '^pg_' ORDER BY oid <> 10, rolname\
      """;

  private static final String MEMBERSHIPS =
      """
      SELECT g.rolname, m.rolname, bool_or(a.admin_option), OPTIONS
      FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid
        JOIN pg_roles m ON m.oid = a.member
      GROUP BY g.rolname, m.rolname ORDER BY g.rolname, m.rolname\
      """;

  private static final String ROLE_SETTINGS =
      """
      SELECT d.datname, r.rolname, s.setconfig
      FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
        LEFT JOIN pg_roles r ON r.oid = s.setrole
      WHERE (d.oid IS NOT NULL OR s.setdatabase = 0) AND (r.oid IS NOT NULL OR s.setrole = 0)
        AND s.setconfig IS NOT NULL
      ORDER BY 1, 2\
      """;

  /** Databases whose DROP was interrupted are none any more. */
  private static final String DATABASES =
      """
      SELECT datname, pg_get_userbyid(datdba), pg_encoding_to_char(encoding), PROVIDER, datcollate,
        datctype, LOCALE, RULES, datconnlimit, datallowconn, datistemplate,
        has_database_privilege(oid, 'CONNECT'), shobj_description(oid, 'pg_database'),
        datacl IS NOT NULL,
        CASE WHEN datallowconn AND has_database_privilege(oid, 'CONNECT')
          THEN pg_database_size(oid) ELSE 0 END
      FROM pg_database WHERE datconnlimit <> -2 ORDER BY datname\
      """;

  private static final String GRANTS =
      """
      SELECT r.rolname, a.privilege_type, bool_or(a.is_grantable)
      FROM pg_database d, aclexplode(d.datacl) WITH ORDINALITY a
        LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE d.datname = ? AND (a.grantee = 0 OR r.oid IS NOT NULL)
      GROUP BY r.rolname, a.privilege_type ORDER BY min(a.ordinality)\
      """;

  private final Connection connection;
  private final int version;

  private ClusterReader(Connection connection, int version) {
    this.connection = connection;
    this.version = version;
  }

  static SourceCluster read(Connection connection) throws SQLException {
    int version =
        Integer.parseInt(Rows.text(connection, "SELECT current_setting('server_version_num')"));
    return new ClusterReader(connection, version).read();
  }

  private SourceCluster read() throws SQLException {
    // First of all: what is written from now on is not known to be in the copy.
    String position = WritePosition.of(connection);
    boolean passwords = readsPasswords();
    Map<String, String> settings = new HashMap<>(CarriedSettings.read(connection));
    return new SourceCluster(
        version,
        Rows.text(connection, "SELECT current_user"),
        passwords,
        Rows.text(connection, "SELECT current_setting('data_checksums')").equals("on"),
        Integer.parseInt(
            Rows.text(
                connection, "SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'")),
        roles(passwords),
        memberships(),
        Rows.all(
            connection,
            ROLE_SETTINGS,
            row ->
                new SourceRole.Settings(
                    row.getString(1),
                    row.getString(2),
                    List.of((String[]) row.getArray(3).getArray()))),
        databases(),
        settings,
        LeftBehind.read(connection),
        position);
  }

  /** Providers refuse it to roles that PostgreSQL itself would let read them. */
  private boolean readsPasswords() throws SQLException {
    try {
      Rows.all(connection, "SELECT rolpassword FROM pg_authid LIMIT 1", row -> true);
      return true;
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private List<SourceRole> roles(boolean passwords) throws SQLException {
    String query =
        ROLES
            .replace("PASSWORD", passwords ? "rolpassword" : "NULL::text")
            .replace("CATALOG", passwords ? "pg_authid" : "pg_roles");
    return Rows.all(
        connection,
        query,
        row ->
            new SourceRole(
                row.getString(1),
                row.getBoolean(2),
                row.getBoolean(3),
                row.getBoolean(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getBoolean(9),
                row.getInt(10),
                row.getString(11),
                row.getString(12),
                row.getString(13)));
  }

  private List<SourceRole.Membership> memberships() throws SQLException {
    boolean options = version >= 160_000;
    String query =
        MEMBERSHIPS.replace(
            "OPTIONS", options ? "bool_or(a.inherit_option), bool_or(a.set_option)" : "NULL, NULL");
    return Rows.all(
        connection,
        query,
        row ->
            new SourceRole.Membership(
                row.getString(1),
                row.getString(2),
                row.getBoolean(3),
                options ? row.getBoolean(4) : null,
                options ? row.getBoolean(5) : null));
  }

  private List<SourceDatabase> databases() throws SQLException {
    String locale =
        version >= 170_000 ? "datlocale" : version >= 150_000 ? "daticulocale" : "NULL::text";
    String query =
        DATABASES
            .replace("PROVIDER", version >= 150_000 ? "datlocprovider::text" : "'c'")
            .replace("LOCALE", locale)
            .replace("RULES", version >= 160_000 ? "daticurules" : "NULL::text");
    return Rows.all(connection, query, this::database);
  }

  private SourceDatabase database(ResultSet row) throws SQLException {
    return new SourceDatabase(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4).charAt(0),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getInt(9),
        row.getBoolean(10),
        row.getBoolean(11),
        row.getBoolean(12),
        row.getString(13),
        row.getBoolean(14) ? grants(row.getString(1)) : null,
        row.getLong(15));
  }

  private @Nullable List<Grant> grants(String database) throws SQLException {
    return Rows.all(
        connection,
        GRANTS,
        row -> new Grant(row.getString(1), row.getString(2), row.getBoolean(3)),
        database);
  }
}
