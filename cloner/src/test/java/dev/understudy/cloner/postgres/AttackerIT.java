package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A superuser inside a clone against production, a neighbour and the daemon. The clone runs as the
 * very user that owns production, so that nothing but the sandbox holds it; without one, every
 * attack succeeds.
 */
class AttackerIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String LOOT = "the secret of production";

  @TempDir private Path directory;
  private String user;
  private EmbeddedPostgres production;
  private int port;

  @BeforeEach
  void startProduction() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    user = Accounts.isRoot() ? "nobody" : Accounts.current().name();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    production =
        EmbeddedPostgres.create(
            directory.resolve("production"),
            ServerOptions.of(Workbench.embedded())
                .withUid(Accounts.byName(user).orElseThrow().uid())
                .withPort(port)
                .withHba(
                    "local all postgres trust",
                    "local all all peer",
                    "host all all 127.0.0.1/32 trust"));
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE \"" + user + "\" SUPERUSER LOGIN");
      statement.execute("CREATE TABLE vault AS SELECT '" + LOOT + "' AS secret");
      statement.execute("CREATE ROLE marker_of_production");
    }
    Files.writeString(production.dataDirectory().resolve("loot"), LOOT);
    Files.setPosixFilePermissions(
        production.dataDirectory().resolve("loot"), PosixFilePermissions.fromString("rw-r--r--"));
  }

  @AfterEach
  void stopProduction() throws Exception {
    production.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux"})
  void nothingGetsOut(String sandbox) throws Exception {
    try (Workbench bench = bench(sandbox);
        Connection clone = attacker(bench)) {
      for (Map.Entry<String, Attack> attack : attacks(bench).entrySet()) {
        assertThatThrownBy(() -> attack.getValue().run(clone))
            .as(attack.getKey())
            .isInstanceOf(SQLException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "none")
  void everyAttackSucceedsWithoutASandbox(String sandbox) throws Exception {
    try (Workbench bench = bench(sandbox);
        Connection clone = attacker(bench)) {
      for (Map.Entry<String, Attack> attack : attacks(bench).entrySet()) {
        assertThat(attack.getValue().run(clone)).as(attack.getKey()).isEqualTo(LOOT);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"bubblewrap", "util-linux"})
  void aLinkInPlaceOfTheSocketLeadsNobodyToProduction(String sandbox) throws Exception {
    try (Workbench bench = bench(sandbox);
        Connection clone = attacker(bench)) {
      program(
          clone, "ln -sf '%s' /socket/.s.PGSQL.5432 && echo done".formatted(production.socket()));

      ServerSpec spec = bench.spec("a");
      assertThat(roles(spec.socket())).doesNotContain("marker_of_production");
      assertThat(roles(spec.socketDirectory().resolve("s/.s.PGSQL.5432")))
          .as("where the daemon would be led if it connected there")
          .contains("marker_of_production");
    }
  }

  @ParameterizedTest
  @CsvSource({"bubblewrap", "util-linux"})
  void theFilesOfTheSystemCannotBeWritten(String sandbox) throws Exception {
    try (Workbench bench = bench(sandbox);
        Connection clone = attacker(bench)) {
      for (String file : new String[] {"/x", "/usr/x", "/etc/x", "/dev/x", "/proc/sys/kernel/x"}) {
        assertThatThrownBy(() -> program(clone, "touch " + file + " && echo " + file))
            .isInstanceOf(SQLException.class);
      }
      assertThat(program(clone, "touch /data/x /socket/x /tmp/x /dev/shm/x && echo done"))
          .isEqualTo("done");
      assertThatThrownBy(() -> program(clone, "mount -t tmpfs x /tmp && echo mounted"))
          .isInstanceOf(SQLException.class);
    }
  }

  /** Brings back the loot, or fails. */
  private interface Attack {
    String run(Connection clone) throws SQLException;
  }

  private Map<String, Attack> attacks(Workbench bench) throws IOException {
    String loot = production.dataDirectory().resolve("loot").toString();
    String tcp = "host=127.0.0.1 port=%d user=postgres dbname=postgres".formatted(port);
    String unix =
        "host=%s port=%d user=%s dbname=postgres"
            .formatted(production.socketDirectory(), port, user);
    return Map.ofEntries(
        Map.entry("dblink by TCP", clone -> dblink(clone, tcp)),
        Map.entry("dblink by unix socket", clone -> dblink(clone, unix)),
        Map.entry("postgres_fdw by TCP", clone -> foreignTable(clone, "127.0.0.1", "postgres")),
        Map.entry(
            "postgres_fdw by unix socket",
            clone -> foreignTable(clone, production.socketDirectory().toString(), user)),
        Map.entry("COPY FROM PROGRAM", clone -> program(clone, "cat '" + loot + "'")),
        Map.entry("pg_read_file", clone -> ask(clone, "SELECT pg_read_file('" + loot + "')")),
        Map.entry("lo_import", clone -> importLargeObject(clone, loot)),
        Map.entry("COPY FROM", clone -> copy(clone, "'" + loot + "'")),
        Map.entry(
            "a process is seen", clone -> whether(clone, "test -d /proc/" + production.pid())),
        Map.entry(
            "a process can be signalled", clone -> whether(clone, "kill -0 " + production.pid())),
        Map.entry(
            "a neighbour's data",
            clone ->
                whether(clone, "test -r '" + bench.spec("b").dataDirectory() + "/PG_VERSION'")),
        Map.entry(
            "the daemon's directory",
            clone -> whether(clone, "test -e '" + bench.directory().resolve("clones") + "'")),
        Map.entry("the host's /run", clone -> whether(clone, "test -e /run")),
        Map.entry("the host's /tmp", clone -> whether(clone, "test -e '" + directory + "'")));
  }

  private static String dblink(Connection clone, String conninfo) throws SQLException {
    return ask(
        clone,
        "SELECT secret FROM dblink('%s connect_timeout=5', 'SELECT secret FROM vault') AS t(secret text)"
            .formatted(conninfo));
  }

  private String foreignTable(Connection clone, String host, String role) throws SQLException {
    try (Statement statement = clone.createStatement()) {
      statement.execute("DROP SERVER IF EXISTS p CASCADE");
      statement.execute(
          ("CREATE SERVER p FOREIGN DATA WRAPPER postgres_fdw"
                  + " OPTIONS (host '%s', port '%d', dbname 'postgres', connect_timeout '5')")
              .formatted(host, port));
      statement.execute("CREATE USER MAPPING FOR PUBLIC SERVER p OPTIONS (user '" + role + "')");
      statement.execute(
          "CREATE FOREIGN TABLE vault (secret text) SERVER p OPTIONS (schema_name 'public')");
    }
    return ask(clone, "SELECT secret FROM vault");
  }

  private static String importLargeObject(Connection clone, String file) throws SQLException {
    String oid = ask(clone, "SELECT lo_import('" + file + "')");
    return ask(clone, "SELECT convert_from(lo_get(" + oid + "), 'UTF8')");
  }

  private static String whether(Connection clone, String command) throws SQLException {
    return program(clone, command + " && echo '" + LOOT + "'");
  }

  private static String program(Connection clone, String command) throws SQLException {
    return copy(clone, "PROGRAM '" + command.replace("'", "''") + "'");
  }

  private static String copy(Connection clone, String from) throws SQLException {
    try (Statement statement = clone.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS loot");
      statement.execute("CREATE TABLE loot (line text)");
      statement.execute("COPY loot FROM " + from);
    }
    return ask(clone, "SELECT line FROM loot");
  }

  private static String ask(Connection clone, String query) throws SQLException {
    try (Statement statement = clone.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      if (!result.next()) {
        throw new SQLException("nothing found");
      }
      return result.getString(1);
    }
  }

  private String roles(Path socket) throws SQLException {
    try (Connection connection = Sql.connect(socket, "postgres", "postgres", TIMEOUT)) {
      return ask(connection, "SELECT string_agg(rolname, ' ') FROM pg_roles");
    }
  }

  private Workbench bench(String sandbox) throws Exception {
    assumeTrue(Files.exists(Path.of("/run")), "this host has no /run");
    Workbench bench = Workbench.make(directory, Workbench.embedded(), sandbox, user);
    bench.data("a", new ServerConfiguration(false, Map.of()));
    bench.data("b", new ServerConfiguration(false, Map.of()));
    return bench;
  }

  private static Connection attacker(Workbench bench) throws Exception {
    RunningServer server = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
    Connection clone = Sql.connect(server.socket(), "postgres", "postgres", TIMEOUT);
    try (Statement statement = clone.createStatement()) {
      statement.execute("CREATE EXTENSION dblink");
      statement.execute("CREATE EXTENSION postgres_fdw");
    }
    return clone;
  }
}
