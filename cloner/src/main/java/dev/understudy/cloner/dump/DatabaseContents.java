package dev.understudy.cloner.dump;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What one database of production holds, as far as a dump must know before.
 *
 * @param publicSchema whether there is one
 * @param eventTriggers without those of extensions
 * @param labelProviders of security labels
 * @param unreadable tables and sequences that we may not read, some of them
 * @param objectOwners roles that own large objects which we may not read
 * @param rowSecured tables of which policies hide rows from us, some of them
 */
record DatabaseContents(
    String name,
    boolean publicSchema,
    List<Extension> extensions,
    List<EventTrigger> eventTriggers,
    List<String> subscriptions,
    List<String> publications,
    List<String> labelProviders,
    List<String> unreadable,
    List<String> objectOwners,
    List<String> rowSecured) {
  private static final int SOME = 6;

  /** With those of their tables that hold rows of the user's, and all that can be granted. */
  private static final String EXTENSIONS =
      """
      SELECT e.oid, e.extname,
        ARRAY(SELECT c.oid::bigint FROM pg_class c WHERE c.oid = ANY (e.extconfig)),
        ARRAY(SELECT n.nspname || ' ' || c.relname FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (e.extconfig)),
        ARRAY(SELECT m.entry FROM pg_depend d, LATERAL (
            SELECT n.nspname || CASE c.relkind WHEN 'S' THEN ' SEQUENCE ' ELSE ' TABLE ' END
              || quote_ident(c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid
            UNION ALL
            SELECT n.nspname || CASE p.prokind WHEN 'p' THEN ' PROCEDURE ' ELSE ' FUNCTION ' END
              || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')'
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid
            UNION ALL
            SELECT n.nspname || ' TYPE ' || quote_ident(t.typname)
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid
            UNION ALL
            SELECT '- SCHEMA ' || quote_ident(nspname) FROM pg_namespace
            WHERE d.classid = 'pg_namespace'::regclass AND oid = d.objid
            UNION ALL
            SELECT '- FOREIGN DATA WRAPPER ' || quote_ident(fdwname)
            FROM pg_foreign_data_wrapper
            WHERE d.classid = 'pg_foreign_data_wrapper'::regclass AND oid = d.objid) m (entry)
          WHERE d.refobjid = e.oid AND d.refclassid = 'pg_extension'::regclass
            AND d.deptype = 'e')
      FROM pg_extension e ORDER BY e.extname\
      """;

  private static final String EVENT_TRIGGERS =
      """
      SELECT t.oid, t.evtname, r.rolname, r.rolsuper
      FROM pg_event_trigger t JOIN pg_roles r ON r.oid = t.evtowner
      WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass
        AND d.objid = t.oid AND d.deptype = 'e')
      ORDER BY t.evtname\
      """;

  private static final String SUBSCRIPTIONS =
      """
      SELECT subname FROM pg_subscription
      WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      ORDER BY subname\
      """;

  /** Of extensions only the tables that hold rows of the user's are dumped. */
  private static final String DUMPED =
      """
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
            AND d.objid = c.oid AND d.deptype = 'e')
          OR EXISTS (SELECT FROM pg_extension e WHERE c.oid = ANY (e.extconfig)))\
      """;

  private static final String UNREADABLE =
      "SELECT format('%I.%I', n.nspname, c.relname) "
          + DUMPED
          + " AND c.relkind IN ('r', 'p', 'S') AND NOT (has_table_privilege(c.oid, 'SELECT')"
          + " AND has_schema_privilege(n.oid, 'USAGE')) ORDER BY 1 LIMIT "
          + SOME;

  /** As lo_open checks it, which asks for no membership in pg_read_all_data. */
  private static final String OBJECT_OWNERS =
      """
      SELECT DISTINCT quote_ident(pg_get_userbyid(m.lomowner)) FROM pg_largeobject_metadata m
      WHERE NOT (current_setting('lo_compat_privileges')::bool
        OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
        OR pg_has_role(m.lomowner, 'USAGE')
        OR EXISTS (SELECT FROM aclexplode(m.lomacl) a WHERE a.privilege_type = 'SELECT'
          AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE'))))
      ORDER BY 1\
      """;

  private static final String ROW_SECURED =
      "SELECT format('%I.%I', n.nspname, c.relname) "
          + DUMPED
          + " AND c.relkind IN ('r', 'p') AND row_security_active(c.oid) ORDER BY 1 LIMIT "
          + SOME;

  DatabaseContents {
    extensions = List.copyOf(extensions);
    eventTriggers = List.copyOf(eventTriggers);
    subscriptions = List.copyOf(subscriptions);
    publications = List.copyOf(publications);
    labelProviders = List.copyOf(labelProviders);
    unreadable = List.copyOf(unreadable);
    objectOwners = List.copyOf(objectOwners);
    rowSecured = List.copyOf(rowSecured);
  }

  /**
   * An extension.
   *
   * @param tables of the extension that hold rows of the user's, by oid
   * @param tableNames the same, each as schema and name with a space between
   * @param members that rights may be granted on, as a dump's list names them
   */
  record Extension(
      long oid, String name, Set<Long> tables, Set<String> tableNames, Set<String> members) {
    Extension {
      tables = Set.copyOf(tables);
      tableNames = Set.copyOf(tableNames);
      members = Set.copyOf(members);
    }
  }

  /** An event trigger; of a superuser, as PostgreSQL itself would have it, or not. */
  record EventTrigger(long oid, String name, String owner, boolean superuser) {}

  static DatabaseContents read(Connection connection, String name) throws SQLException {
    return new DatabaseContents(
        name,
        Rows.isTrue(
            connection, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public')"),
        Rows.all(
            connection,
            EXTENSIONS,
            row ->
                new Extension(
                    row.getLong(1),
                    row.getString(2),
                    Set.of((Long[]) row.getArray(3).getArray()),
                    Set.of((String[]) row.getArray(4).getArray()),
                    Set.of((String[]) row.getArray(5).getArray()))),
        Rows.all(
            connection,
            EVENT_TRIGGERS,
            row ->
                new EventTrigger(
                    row.getLong(1), row.getString(2), row.getString(3), row.getBoolean(4))),
        names(connection, SUBSCRIPTIONS),
        names(connection, "SELECT pubname FROM pg_publication ORDER BY pubname"),
        names(connection, "SELECT DISTINCT provider FROM pg_seclabel ORDER BY provider"),
        names(connection, UNREADABLE),
        names(connection, OBJECT_OWNERS),
        names(connection, ROW_SECURED));
  }

  private static List<String> names(Connection connection, String query) throws SQLException {
    return Rows.all(connection, query, row -> row.getString(1));
  }

  /** Those of the extensions that are left out. */
  List<Extension> excluded(Exclusions exclusions, Collection<String> available) {
    return extensions.stream()
        .filter(extension ->
            exclusions.isExtension(extension.name(), available.contains(extension.name())))
        .toList();
  }
}
