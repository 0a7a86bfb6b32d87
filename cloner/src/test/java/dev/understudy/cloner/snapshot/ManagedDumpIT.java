package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.MinFree;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server as Amazon's are: its bootstrap superuser is rdsadmin, whose database nobody may enter,
 * and the mightiest role that a customer has is postgres, who is no superuser and cannot read
 * passwords.
 */
class ManagedDumpIT {
  @TempDir Path parent;
  private Stage stage;

  @BeforeEach
  void open() throws Exception {
    stage = Dumped.open(parent, Map.of());
    Dumped.execute(stage, "postgres", "postgres", "CREATE ROLE helper SUPERUSER LOGIN");
    Dumped.execute(stage, "postgres", "helper", "ALTER ROLE postgres RENAME TO rdsadmin");
    Dumped.execute(
        stage,
        "postgres",
        "rdsadmin",
        "DROP ROLE helper",
        "CREATE ROLE rds_superuser",
        "CREATE ROLE rds_replication",
        "CREATE ROLE postgres LOGIN CREATEDB CREATEROLE PASSWORD '" + Dumped.PASSWORD + "'",
        "GRANT rds_superuser, pg_monitor TO postgres",
        "CREATE ROLE app LOGIN PASSWORD 'of the app'",
        "GRANT rds_replication TO app",
        "ALTER ROLE rdsadmin SET work_mem = '7MB'",
        "ALTER ROLE app SET \"rds.extra\" = 'on'",
        "CREATE DATABASE rdsadmin",
        "REVOKE CONNECT ON DATABASE rdsadmin FROM PUBLIC",
        "CREATE DATABASE shop OWNER rds_superuser");
    Dumped.execute(
        stage,
        "shop",
        "rdsadmin",
        "CREATE TABLE sold AS SELECT i FROM generate_series(1, 100) i",
        "ALTER TABLE sold OWNER TO app",
        "GRANT SELECT ON sold TO rds_superuser WITH GRANT OPTION",
        "GRANT UPDATE (i) ON sold TO rds_superuser",
        "ALTER TABLE sold ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY few ON sold TO app, rds_superuser USING (i < 10)",
        "CREATE TABLE kept AS SELECT 1 AS i",
        "ALTER TABLE kept OWNER TO rds_superuser",
        "ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO rds_superuser",
        "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER providers ON ddl_command_end EXECUTE FUNCTION watch()",
        "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE ''no''; END'",
        "CREATE EVENT TRIGGER customers ON sql_drop EXECUTE FUNCTION refuse()",
        "COMMENT ON EVENT TRIGGER customers IS 'ours'",
        // As its PostgreSQL lets its customers' event triggers be.
        "UPDATE pg_event_trigger SET evtowner = 'postgres'::regrole WHERE evtname = 'customers'",
        "SELECT lo_from_bytea(4711, 'a picture')",
        "SELECT lo_from_bytea(4712, 'a picture')",
        "ALTER LARGE OBJECT 4712 OWNER TO app",
        "SELECT lo_from_bytea(4713, 'a picture')",
        "ALTER LARGE OBJECT 4713 OWNER TO rds_superuser",
        "CREATE TABLE public.aws_keys (k text)",
        "INSERT INTO aws_keys VALUES ('key')",
        extension("aws_s3", "aws_keys"),
        "GRANT UPDATE (k) ON aws_keys TO app");
  }

  @AfterEach
  void close() throws Exception {
    stage.close();
  }

  /** One that is not installed here; its table is the given one. */
  private static String extension(String name, String table) {
    return """
    WITH e AS (INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable,
        extversion, extconfig, extcondition)
      VALUES (99000 + length('NAME'), 'NAME', 10, 2200, true, '1.0',
        ARRAY['TABLE'::regclass::oid], ARRAY['']) RETURNING oid)
    INSERT INTO pg_depend SELECT 'pg_class'::regclass, 'TABLE'::regclass, 0,
      'pg_extension'::regclass, e.oid, 0, 'e' FROM e\
    """
        .replace("NAME", name)
        .replace("TABLE", table);
  }

  private Source source() {
    return Dumped.source(stage, "postgres");
  }

  @Test
  void whatIsTheProvidersStaysThere() throws Exception {
    refused(source(), SourceException.Kind.PRIVILEGES, "may not read all", "pg_read_all_data");
    Dumped.execute(
        stage, "shop", "rdsadmin", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO postgres");
    refused(
        source(), SourceException.Kind.PRIVILEGES, "all large objects", "GRANT app, rdsadmin TO");
    Dumped.execute(
        stage,
        "shop",
        "rdsadmin",
        "GRANT SELECT ON LARGE OBJECT 4711 TO postgres",
        "GRANT SELECT ON LARGE OBJECT 4712 TO PUBLIC");
    refused(source(), SourceException.Kind.PRIVILEGES, "row-level security", "BYPASSRLS");
    Dumped.execute(stage, "shop", "rdsadmin", "ALTER ROLE postgres BYPASSRLS");

    Snapshot snapshot = stage.cutter().cut(stage.mirror(source()), CopyListener.silent());

    assertThat(snapshot.superuser()).isEqualTo("understudy");
    assertThat(Dumped.names(snapshot)).contains("shop", "postgres").doesNotContain("rdsadmin");
    assertThat(snapshot.roles())
        .filteredOn(role -> !role.name().startsWith("pg_"))
        .containsExactlyInAnyOrder(
            new Snapshot.Role("understudy", true, true, null, null),
            new Snapshot.Role("postgres", false, true, null, null),
            new Snapshot.Role("app", false, true, null, null));
    assertThat(Dumped.finding(snapshot, Kind.ROLE, "rds_superuser")).isPresent();
    assertThat(Dumped.finding(snapshot, Kind.ROLE, "all").orElse("")).contains("passwords");
    assertThat(Dumped.finding(snapshot, Kind.DATABASE, "rdsadmin"))
        .contains("left out: it is the provider's");
    assertThat(Dumped.finding(snapshot, Kind.MISSING_EXTENSION, "aws_s3")).isPresent();
    assertThat(Dumped.finding(snapshot, Kind.EVENT_TRIGGER, "providers").orElse(""))
        .contains("rdsadmin");
    RunningServer clone = stage.startClone(snapshot);
    try (Connection shop =
        Sql.connect(clone.socket(), "shop", "understudy", Duration.ofSeconds(30))) {
      assertThat(count(shop, "pg_roles WHERE rolname LIKE 'rds%'")).isZero();
      assertThat(count(shop, "sold")).isEqualTo(100);
      assertThat(count(shop, "pg_largeobject WHERE data = 'a picture'")).isEqualTo(3);
      assertThat(count(shop, "pg_class WHERE relname = 'aws_keys'")).isZero();
      assertThat(count(shop, "pg_event_trigger WHERE evtname = 'customers'")).isOne();
      assertThat(count(shop, "pg_event_trigger WHERE evtname = 'providers'")).isZero();
      assertThat(count(shop, "pg_policy WHERE polroles = ARRAY['app'::regrole::oid]")).isOne();
      assertThat(count(shop, "pg_default_acl")).isZero();
      assertThat(
              count(shop, "pg_class WHERE relname = 'kept' AND relowner = 'understudy'::regrole"))
          .isOne();
      assertThat(
              count(
                  shop,
                  "pg_auth_members WHERE member = 'postgres'::regrole AND roleid ="
                      + " 'pg_monitor'::regrole"))
          .isOne();
      assertThat(count(shop, "pg_db_role_setting")).isOne();
    } finally {
      clone.stop(Duration.ofSeconds(30));
    }
  }

  @Test
  void whatIsMissingIsSaidBefore() throws Exception {
    refused(
        new Source("prod", new SourceType.Dump(Dumped.url(stage, "nobody", "postgres"))),
        SourceException.Kind.CONNECTION,
        "does not let us in",
        "user and password in url");
    refused(
        Dumped.source(stage, "postgres", List.of("shp"), SourceType.Dump.OnError.BLOCK, Set.of()),
        SourceException.Kind.SETTINGS,
        "has no database shp",
        "databases");
    refused(
        Dumped.source(
            stage, "postgres", List.of("rdsadmin"), SourceType.Dump.OnError.BLOCK, Set.of()),
        SourceException.Kind.PRIVILEGES,
        "may not connect",
        "GRANT CONNECT");
    whatIsToStayFreeIsNotRoomForADump();
    Dumped.execute(
        stage,
        "shop",
        "rdsadmin",
        "ALTER ROLE postgres BYPASSRLS",
        "GRANT pg_read_all_data TO postgres",
        "GRANT SELECT ON LARGE OBJECT 4711, 4712 TO postgres",
        "CREATE TABLE public.jobs (j text)",
        extension("pg_jobs", "jobs"));
    refused(
        source(),
        SourceException.Kind.BINARIES,
        "extensions of database shop",
        "exclude-extensions = [pg_jobs]");

    Snapshot without =
        stage
            .cutter()
            .cut(
                stage.mirror(
                    Dumped.source(
                        stage,
                        "postgres",
                        List.of("shop"),
                        SourceType.Dump.OnError.BLOCK,
                        Set.of("pg_jobs"))),
                CopyListener.silent());
    assertThat(Dumped.finding(without, Kind.MISSING_EXTENSION, "pg_jobs")).isPresent();
    assertThat(Dumped.names(without)).contains("shop", "postgres");
  }

  private void whatIsToStayFreeIsNotRoomForADump() throws Exception {
    MinFree all = new MinFree.Size(stage.pool().freeBytes() - (100L << 20));
    Pool pool = PoolProbe.choose(stage.workbench().directory(), () -> all).pool();
    refused(
        stage.mirror(source(), pool),
        SourceException.Kind.SPACE,
        "no room for a dump",
        "Enlarge the file system");
  }

  private static long count(Connection connection, String what) throws Exception {
    return Bank.number(connection, "SELECT count(*) FROM " + what);
  }

  private void refused(Source source, SourceException.Kind kind, String message, String hint) {
    refused(stage.mirror(source), kind, message, hint);
  }

  private void refused(Mirror mirror, SourceException.Kind kind, String message, String hint) {
    SnapshotException e =
        catchThrowableOfType(
            SnapshotException.class, () -> stage.cutter().cut(mirror, CopyListener.silent()));
    assertThat(e).hasMessageContaining(message);
    assertThat(e.hint()).contains(hint);
    assertThat(String.valueOf(e.detail())).doesNotContain(Dumped.PASSWORD);
    assertThat(e.getCause())
        .isInstanceOfSatisfying(
            SourceException.class, cause -> assertThat(cause.kind()).isEqualTo(kind));
    stage.nothingIsLeft();
  }
}
