package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the console shows, to those who know PgBouncer's, and to clients that ask it for tables. */
@Timeout(120)
class ConsoleShowIT {
  private static final String SOCKETS =
      "type,user,database,replication,state,addr,port,local_addr,local_port,connect_time,request_time,"
          + "wait,wait_us,close_needed,ptr,link,remote_pid,tls,application_name,prepared_statements,id";

  private static Shop shop;
  private static Connection session;

  @BeforeAll
  static void open() throws Exception {
    shop =
        Shop.open(
            Installations.embedded(),
            null,
            "\"pr-*\" { source = prod, database = shop }",
            """
            users.alice { password = a, role = app }
            users.mallory { password = m, role = other }
            users.root { password = r, role = postgres, admin = true }
            listen.max-connections = 77
            """);
    session = shop.connect("shop@pr-seen");
    session.createStatement().execute("SELECT count(*) FROM customer");
  }

  @AfterAll
  static void close() throws Exception {
    session.close();
    shop.close();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "CLIENTS, `" + SOCKETS + ",environment,role`, shop@pr-seen",
        "SERVERS, `" + SOCKETS + ",environment,socket`, shop@pr-seen",
        "POOLS, `database,user,cl_active,cl_waiting,cl_active_cancel_req,cl_waiting_cancel_req,"
            + "sv_active,sv_active_cancel,sv_being_canceled,sv_idle,sv_used,sv_tested,sv_login,maxwait,maxwait_us,pool_mode,load_balance_hosts,environment`,"
            + " `shop@pr-seen,app,1,0`",
        "DATABASES, `name,host,port,database,force_user,pool_size,min_pool_size,reserve_pool_size,"
            + "server_lifetime,pool_mode,load_balance_hosts,max_connections,current_connections,"
            + "max_client_connections,current_client_connections,paused,disabled,environment`,"
            + " `shop@pr-seen,,5432,shop,,77,`",
        "STATS, `database,total_server_assignment_count,total_xact_count,total_query_count,"
            + "total_received,total_sent,total_xact_time,total_query_time,total_wait_time,"
            + "total_client_parse_count,total_server_parse_count,total_bind_count,"
            + "total_client_login_count,avg_server_assignment_count,avg_xact_count,avg_query_count,"
            + "avg_recv,avg_sent,avg_xact_time,avg_query_time,avg_wait_time,avg_client_parse_count,avg_server_parse_count,avg_bind_count,avg_client_login_count`,"
            + " `shop@pr-seen,1,0,0,`",
        "STATS_TOTALS, `database,server_assignment_count,xact_count,query_count,bytes_received,"
            + "bytes_sent,xact_time,query_time,wait_time,client_parse_count,server_parse_count,"
            + "bind_count,client_login_count`, `shop@pr-seen,1,0,0,`",
        "STATS_AVERAGES, `database,server_assignment_count,xact_count,query_count,bytes_received,"
            + "bytes_sent,xact_time,query_time,wait_time,avg_client_parse_count,"
            + "avg_server_parse_count,avg_bind_count,avg_client_login_count`, shop@pr-seen",
        "TOTALS, `name,value`, total_client_bytes",
        "LISTS, `list,items`, `environments,1`",
        "USERS,"
            + " `name,pool_size,reserve_pool_size,pool_mode,max_user_connections,current_connections,max_user_client_connections,current_client_connections`,"
            + " mallory",
        "CONFIG, `key,value,default,changeable`, `listen.max-connections,77,1000,yes`",
        "VERSION, version, Understudy",
        "HELP, `command,description`, KILL_CLIENT id",
        "ENVIRONMENTS, `name,state,source,data_time,sessions,last_activity,owner,label,protected,"
            + "kept_until,created_at,ends_at,warning`, pr-seen",
        "USAGE, `day,role,pattern,running_seconds,cpu_seconds,private_bytes_peak`, `,app,pr-*,`"
      })
  void psqlShows(String subject, String columns, String row) throws Exception {
    String shown = psql("root", "r").run("understudy", "-c", "SHOW " + subject);

    assertThat(shown).startsWith(columns).contains(row).doesNotContain("ERROR");
  }

  @Test
  void configIsAllThatThereIsAndNoSecret() throws Exception {
    String all = psql("root", "r").run("understudy", "-c", "SHOW CONFIG");
    assertThat(all).contains("users.root.password,***,", "sources.prod.directory,/");
    String some = psql("alice", "a").run("understudy", "-c", "SHOW CONFIG");
    assertThat(some)
        .contains("environments.\"\"pr-*\"\".suspend-after", "max_client_conn,77")
        .doesNotContain("users.", "sources.prod.directory");
  }

  @Test
  void everybodySeesWhatIsOfTheirRole() throws Exception {
    for (String subject : List.of("CLIENTS", "SERVERS", "POOLS", "DATABASES", "STATS")) {
      // The environment is app's, since app has made it.
      assertThat(psql("alice", "a").run("understudy", "-c", "SHOW " + subject))
          .as(subject)
          .contains("shop@pr-seen");
      assertThat(psql("mallory", "m").run("understudy", "-c", "SHOW " + subject))
          .as(subject)
          .doesNotContain("pr-seen");
    }
  }

  @Test
  void everybodySeesWhatTheirRoleHasUsed() throws Exception {
    assertThat(psql("alice", "a").run("understudy", "-c", "SHOW USAGE")).contains(",app,pr-*,");
    assertThat(psql("mallory", "m").run("understudy", "-c", "SHOW USAGE")).doesNotContain(",app,");
  }

  /** What it asks and makes of the answers is taken from its collector. */
  @Test
  void pgbouncerExporterFindsWhatItLooksFor() throws Exception {
    Properties simple = new Properties();
    simple.setProperty("preferQueryMode", "simple");
    try (Connection exporter = console("root", "r", simple)) {
      assertThat(rows(exporter, "SHOW STATS")).isNotEmpty();
      assertThat(rows(exporter, "SHOW VERSION;").getFirst().keySet()).containsExactly("version");
      Map<String, Double> lists = new HashMap<>();
      for (Map<String, @Nullable Object> row : rows(exporter, "SHOW LISTS;")) {
        assertThat(row.keySet()).containsExactlyInAnyOrder("list", "items");
        lists.put(
            String.valueOf(row.get("list")), Double.valueOf(String.valueOf(row.get("items"))));
      }
      assertThat(lists)
          .containsKeys(
              "databases",
              "users",
              "pools",
              "free_clients",
              "used_clients",
              "login_clients",
              "free_servers",
              "used_servers",
              "dns_names",
              "dns_zones",
              "dns_queries")
          .containsEntry("used_servers", 1.0);
      assertThat(rows(exporter, "SHOW CONFIG;"))
          .anySatisfy(row ->
              assertThat(row)
                  .hasSize(4)
                  .containsEntry("key", "max_client_conn")
                  .containsEntry("value", "77"))
          .anySatisfy(row -> assertThat(row).containsEntry("key", "max_user_connections"));
      assertThat(rows(exporter, "SHOW CLIENTS;"))
          .isNotEmpty()
          .allSatisfy(
              row -> assertThat(row).containsKeys("database", "user", "state", "application_name"));
      assertMetrics(
          rows(exporter, "SHOW databases;"),
          Set.of("name", "host", "port", "database", "force_user", "pool_mode"),
          Set.of(
              "pool_size",
              "reserve_pool_size",
              "max_connections",
              "current_connections",
              "paused",
              "disabled"));
      assertMetrics(
          rows(exporter, "SHOW stats_totals;"),
          Set.of("database"),
          Set.of(
              "query_count",
              "query_time",
              "bytes_received",
              "bytes_sent",
              "wait_time",
              "xact_count",
              "xact_time",
              "client_parse_count",
              "server_parse_count",
              "bind_count",
              "server_assignment_count"));
      assertMetrics(
          rows(exporter, "SHOW pools;"),
          Set.of("database", "user"),
          Set.of(
              "cl_active",
              "cl_active_cancel_req",
              "cl_waiting",
              "cl_waiting_cancel_req",
              "sv_active",
              "sv_active_cancel",
              "sv_being_canceled",
              "sv_idle",
              "sv_used",
              "sv_tested",
              "sv_login",
              "maxwait"));
    }
  }

  /** Labels are texts, integers or nothing; values read as numbers. */
  private static void assertMetrics(
      List<Map<String, @Nullable Object>> rows, Set<String> labels, Set<String> values) {
    assertThat(rows).isNotEmpty();
    for (Map<String, @Nullable Object> row : rows) {
      assertThat(row).containsKeys(labels.toArray(String[]::new));
      assertThat(labels)
          .allSatisfy(label ->
              assertThat(
                      row.get(label) == null
                          || row.get(label) instanceof String
                          || row.get(label) instanceof Integer)
                  .as(label)
                  .isTrue());
      assertThat(values)
          .allSatisfy(
              value -> assertThat(Double.valueOf(String.valueOf(row.get(value)))).isNotNegative());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\d", "\\dt", "\\du", "\\dn+", "\\df", "\\dx", "\\dp", "\\d customer"})
  void psqlSaysThatThereIsNothingToList(String command) throws Exception {
    assertThat(psql("alice", "a").run("understudy", "-c", command, "-c", "SHOW VERSION"))
        .doesNotContain("ERROR", "FATAL")
        .contains("NOTICE:  the console has no tables", "Understudy ");
  }

  @Test
  void psqlListsTheConsole() throws Exception {
    assertThat(psql("alice", "a").run("understudy", "-c", "\\l", "-c", "\\conninfo"))
        .contains("understudy,understudy,UTF8", "You are connected to database \"understudy\"")
        .doesNotContain("ERROR");
    assertThat(psql("alice", "a").run("understudy", "-c", "PAUSE"))
        .contains("ERROR:  syntax error at or near \"PAUSE\"", "HINT:  SUSPEND ENVIRONMENT");
  }

  @Test
  void whateverAboutTheServerADriverIsAskedIsAnswered() throws Exception {
    try (Connection gui = console("alice", "a", new Properties())) {
      DatabaseMetaData metaData = gui.getMetaData();
      for (Method method : DatabaseMetaData.class.getMethods()) {
        if (method.getParameterCount() == 0) {
          try {
            method.invoke(metaData);
          } catch (InvocationTargetException e) {
            assertThat(e.getCause())
                .as(method.getName())
                .isInstanceOf(SQLFeatureNotSupportedException.class);
          }
        }
      }
    }
  }

  /** In the order in which DBeaver 24 does, by the driver that it uses. */
  @Test
  void guisGetToAPrompt() throws Exception {
    try (Connection gui = console("alice", "a", new Properties())) {
      DatabaseMetaData metaData = gui.getMetaData();
      assertThat(metaData.getDatabaseProductName()).isEqualTo("PostgreSQL");
      for (ResultSet result :
          List.of(
              metaData.getTables(null, null, "%", null),
              metaData.getSchemas(),
              metaData.getColumns(null, null, "%", "%"),
              metaData.getProcedures(null, null, "%"),
              metaData.getIndexInfo(null, null, "t", false, true))) {
        assertThat(result.next()).isFalse();
      }
      assertThat(metaData.getSQLKeywords()).isEmpty();
      assertThat(metaData.getMaxTableNameLength()).isEqualTo(63);
      assertThat(metaData.getMaxColumnsInIndex()).isEqualTo(32);
      assertThat(metaData.getDefaultTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
      assertThat(column(gui, "SELECT current_database(), current_schema(),session_user"))
          .isEqualTo("understudy");
      assertThat(column(gui, "SHOW search_path")).isEqualTo("public");
      try (PreparedStatement databases =
          gui.prepareStatement(
              "SELECT db.oid,db.* FROM pg_catalog.pg_database db WHERE datallowconn AND NOT"
                  + " datistemplate OR db.datname =?\nORDER BY db.datname")) {
        databases.setString(1, "understudy");
        ResultSet row = databases.executeQuery();
        assertThat(row.next()).isTrue();
        assertThat(row.getString("datname")).isEqualTo("understudy");
        assertThat(row.getLong("oid")).isPositive();
        assertThat(row.getBoolean("datallowconn")).isTrue();
        assertThat(row.next()).isFalse();
      }
      for (String query :
          List.of(
              "SELECT * FROM pg_catalog.pg_enum WHERE 1<>1 LIMIT 1",
              "SELECT reltype FROM pg_catalog.pg_class WHERE 1<>1 LIMIT 1",
              "SELECT n.oid,n.*,d.description FROM pg_catalog.pg_namespace n\nLEFT OUTER JOIN"
                  + " pg_catalog.pg_description d ON d.objoid=n.oid AND d.objsubid=0 AND"
                  + " d.classoid='pg_namespace'::regclass\n ORDER BY nspname",
              "SELECT t.oid,t.*,c.relkind,format_type(nullif(t.typbasetype, 0), t.typtypmod) as"
                  + " base_type_name, d.description\nFROM pg_catalog.pg_type t\nLEFT OUTER JOIN"
                  + " pg_catalog.pg_type et ON et.oid=t.typelem \nLEFT OUTER JOIN"
                  + " pg_catalog.pg_class c ON c.oid=t.typrelid\nLEFT OUTER JOIN"
                  + " pg_catalog.pg_description d ON t.oid=d.objoid\nWHERE t.typname IS NOT"
                  + " NULL\nAND (c.relkind IS NULL OR c.relkind = 'c') AND (et.typcategory IS NULL"
                  + " OR et.typcategory <> 'C')",
              "SELECT * FROM pg_catalog.pg_enum",
              "SELECT a.oid,a.*,pd.description FROM pg_catalog.pg_roles a \nleft join"
                  + " pg_catalog.pg_shdescription pd on a.oid = pd.objoid\nORDER BY a.rolname",
              "SELECT t.oid,t.*,pg_tablespace_location(t.oid) loc\nFROM pg_catalog.pg_tablespace t"
                  + " \nORDER BY t.oid",
              "SELECT c.contoencoding as encid,pg_catalog.pg_encoding_to_char(c.contoencoding) as"
                  + " encname\nFROM pg_catalog.pg_conversion c\nGROUP BY c.contoencoding\nORDER BY"
                  + " 2\n",
              "SELECT name,default_version,installed_version,comment FROM"
                  + " pg_catalog.pg_available_extensions ORDER BY name")) {
        assertThat(gui.prepareStatement(query).executeQuery().next()).as(query).isFalse();
      }
      assertThat(gui.createStatement().executeUpdate("SET search_path = public,\"$user\""))
          .isZero();
      try (PreparedStatement setting =
          gui.prepareStatement("select * from pg_catalog.pg_settings where name=?")) {
        setting.setString(1, "standard_conforming_strings");
        assertThat(setting.executeQuery().next()).isFalse();
      }
      try (PreparedStatement size =
          gui.prepareStatement(
              "SELECT db.datname,pg_database_size(db.oid) FROM pg_catalog.pg_database db WHERE"
                  + " db.oid=?")) {
        size.setLong(1, 1);
        ResultSet row = size.executeQuery();
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).isEqualTo("understudy");
        assertThat(row.getLong(2)).isZero();
      }
      assertThat(column(gui, "SHOW VERSION")).startsWith("Understudy ");
    }
  }

  @Test
  void pgcliGetsToAPrompt(@TempDir Path directory) throws Exception {
    assumeTrue(isInstalled("pgcli"), "not installed: pgcli");
    ProcessBuilder builder =
        new ProcessBuilder(
                "pgcli",
                "--less-chatty",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(shop.daemon().port()),
                "-u",
                "alice",
                "-d",
                "understudy")
            .redirectErrorStream(true);
    builder.environment().putAll(Map.of("PGPASSWORD", "a", "HOME", directory.toString()));
    Process pgcli = builder.start();
    try (var input = pgcli.outputWriter()) {
      input.write("SHOW VERSION;\n\\l\n\\dt\nnonsense;\nSHOW LISTS;\n\\q\n");
    }
    String output = Psql.output(pgcli);

    assertThat(pgcli.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output)
        .contains("Understudy ", "syntax error at or near \"nonsense\"", "used_clients")
        .doesNotContain("Traceback", "FATAL");
  }

  private static boolean isInstalled(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static Psql psql(String user, String password) {
    return new Psql(shop.daemon().port(), user, password);
  }

  private static Connection console(String user, String password, Properties properties)
      throws SQLException {
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(shop.url("understudy"), properties);
  }

  private static @Nullable String column(Connection console, String query) throws SQLException {
    try (Statement statement = console.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private static List<Map<String, @Nullable Object>> rows(Connection console, String query)
      throws SQLException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    try (Statement statement = console.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        Map<String, @Nullable Object> values = new HashMap<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          assertThat(row.getMetaData().getColumnType(i)).isNotEqualTo(Types.OTHER);
          values.put(row.getMetaData().getColumnName(i), row.getObject(i));
        }
        rows.add(values);
      }
    }
    return rows;
  }
}
