package dev.understudy.cloner.neutral;

import dev.understudy.cloner.snapshot.Finding.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Takes down functions that may reach out of a server, and the triggers that call them: those in an
 * untrusted language, and those whose text names a function of an extension that reaches out, or a
 * program. What a text puts together only when it runs is not seen; the sandbox holds it all.
 */
final class CallsOut implements DatabaseWork {
  private static final String CODE =
      """
      WITH offered AS (
        SELECT p.oid, p.proname FROM pg_catalog.pg_extension e
          JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::regclass
            AND d.refobjid = e.oid AND d.deptype = 'e' AND d.classid = 'pg_catalog.pg_proc'::regclass
          JOIN pg_catalog.pg_proc p ON p.oid = d.objid
        WHERE e.extname IN (EXTENSIONS)),
      call AS (
        SELECT E'\\\\m(' || pg_catalog.string_agg(DISTINCT pg_catalog.lower(proname), '|')
          || E')"?\\\\s*\\\\(' AS pattern
        FROM offered WHERE proname ~ '^[a-zA-Z0-9_]+$'),
      code AS MATERIALIZED (
        SELECT p.oid, pg_catalog.format('%I.%I', n.nspname, p.proname) AS name,
          CASE WHEN NOT l.lanpltrusted AND l.lanname <> 'internal' THEN 'language ' || l.lanname
            WHEN pg_catalog.lower(p.prosrc) ~ call.pattern
              THEN 'calls ' || pg_catalog.substring(pg_catalog.lower(p.prosrc), call.pattern)
            WHEN bound.name IS NOT NULL THEN 'calls ' || bound.name
            WHEN p.prosrc ~* E'\\\\m(from|to)\\\\s+program\\\\M' THEN 'runs a program'
          END AS why
        FROM pg_catalog.pg_proc p
          JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
          JOIN pg_catalog.pg_language l ON l.oid = p.prolang
          CROSS JOIN call
          LEFT JOIN LATERAL (
            SELECT o.proname AS name FROM pg_catalog.pg_depend d JOIN offered o ON o.oid = d.refobjid
            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
              AND d.refclassid = 'pg_catalog.pg_proc'::regclass
            ORDER BY o.proname LIMIT 1) bound ON true
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
              AND d.deptype = 'e'))\
      """
          .replace("EXTENSIONS", Extensions.NAMES);

  private static final String FUNCTIONS =
      CODE + "\nSELECT name, why FROM code WHERE why IS NOT NULL ORDER BY name, why";

  /** Also those whose function is an extension's own. */
  private static final String TRIGGERS =
      CODE
          + """

          , reaching AS (
            SELECT oid, name FROM code WHERE why IS NOT NULL
            UNION ALL SELECT oid, proname FROM offered)
          SELECT t.tgrelid::regclass || ' ' || pg_catalog.quote_ident(t.tgname), r.name
          FROM pg_catalog.pg_trigger t JOIN reaching r ON r.oid = t.tgfoid
          WHERE NOT t.tgisinternal AND t.tgparentid = 0
          UNION ALL
          SELECT 'event trigger ' || pg_catalog.quote_ident(e.evtname), r.name
          FROM pg_catalog.pg_event_trigger e JOIN reaching r ON r.oid = e.evtfoid
          ORDER BY 1\
          """;

  @Override
  public void run(Connection connection, Report report) throws SQLException {
    for (List<String> function : Query.rows(connection, FUNCTIONS)) {
      report.found(
          Kind.FUNCTION,
          function.getFirst(),
          "kept (%s): the sandbox lets it reach nothing".formatted(function.get(1)));
    }
    for (List<String> trigger : Query.rows(connection, TRIGGERS)) {
      report.found(
          Kind.TRIGGER,
          trigger.getFirst(),
          "kept (calls %s): the sandbox lets it reach nothing".formatted(trigger.get(1)));
    }
  }
}
