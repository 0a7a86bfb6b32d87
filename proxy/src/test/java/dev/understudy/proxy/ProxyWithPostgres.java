package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.TestClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** pgJDBC and psql, through the proxy, to a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProxyWithPostgres {
  private static final Path PSQL = Path.of("/usr/bin/psql");

  private EmbeddedPostgres server;
  private FakeEnvironments environments;
  private ProxyHarness proxy;

  /** The installation to use; may skip the test. */
  abstract Path home(Path scratch) throws IOException;

  abstract int protocolMinor();

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    server =
        EmbeddedPostgres.create(
            directory.resolve("server"), ServerOptions.of(home(directory.resolve("binaries"))));
    try (Connection connection = server.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE shop");
      statement.execute("CREATE ROLE " + TestClient.USER + " LOGIN");
    }
    environments = FakeEnvironments.at(server.socket());
    proxy = ProxyHarness.with().protocolMinor(protocolMinor()).start(environments);
  }

  @AfterAll
  void stop() throws Exception {
    if (proxy != null) {
      proxy.close();
      assertThat(environments.openLeases()).isZero();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void queriesAndPreparedStatements() throws Exception {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement("SELECT ?::int + 1, ?::text")) {
      // From the fifth on, the driver uses a statement that the server keeps.
      for (int i = 0; i < 8; i++) {
        statement.setInt(1, i);
        statement.setString(2, "größer");
        try (ResultSet result = statement.executeQuery()) {
          assertThat(result.next()).isTrue();
          assertThat(result.getInt(1)).isEqualTo(i + 1);
          assertThat(result.getString(2)).isEqualTo("größer");
        }
      }
    }
  }

  @Test
  void aSessionCanAskWhereItIs() throws Exception {
    try (Connection connection = connect()) {
      assertThat(Queries.text(connection, "SHOW understudy.environment")).isEqualTo("pr-1");
      assertThat(Queries.text(connection, "SELECT current_database() || ' ' || current_user"))
          .isEqualTo("shop postgres");
    }
  }

  @Test
  void copiesBothWays() throws Exception {
    byte[] lines = "12345\tsome text of a row\n".repeat(200_000).getBytes(StandardCharsets.UTF_8);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE copied (a int, b text)");
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();

      assertThat(copy.copyIn("COPY copied FROM STDIN", new ByteArrayInputStream(lines)))
          .isEqualTo(200_000);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      copy.copyOut("COPY copied TO STDOUT", out);
      assertThat(out.toByteArray()).isEqualTo(lines);
    }
  }

  @Test
  void aBigResultArrivesWhole() throws Exception {
    try (Connection connection = connect()) {
      assertThat(Queries.text(connection, "SELECT repeat('x', 50 * 1024 * 1024)"))
          .hasSize(50 * 1024 * 1024);
    }
  }

  @Test
  void aClientStalledInsideARowSeesAPrefixOfItWhenTheServerStops() throws Exception {
    try (StalledRow row = StalledRow.begin(proxy.port())) {
      FakeEnvironments.FakeLease lease = environments.lastLease();
      lease.tellStopping();
      assertThat(lease.closes()).as("it is not parked").isZero();
      try (Connection direct = server.connect("postgres", "postgres")) {
        Queries.text(
            direct,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY (%'");
      }

      row.assertPrefix();
    }
  }

  @Test
  void aClientStalledInsideARowSeesAPrefixOfItWhenTheProxyStops() throws Exception {
    FakeEnvironments others = FakeEnvironments.at(server.socket());
    ProxyHarness another = ProxyHarness.with().drainTimeout(Duration.ofSeconds(2)).start(others);
    try (StalledRow row = StalledRow.begin(another.port())) {
      Thread closing = Thread.startVirtualThread(another::close);

      row.assertPrefix();
      closing.join();
    }
  }

  @Test
  void errorsKeepTheirSqlState() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE once (a int PRIMARY KEY); INSERT INTO once VALUES (1)");

      assertSqlState("42P01", () -> statement.execute("SELECT * FROM nothing"));
      assertSqlState("23505", () -> statement.execute("INSERT INTO once VALUES (1)"));
      assertSqlState("22012", () -> statement.execute("SELECT 1 / 0"));
    }
  }

  @Test
  void optionsReachTheServer() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("options", "-c work_mem=7MB -c search_path=pg_catalog");
    properties.setProperty("ApplicationName", "my app");
    try (Connection connection = connect("shop@pr-1", properties)) {
      assertThat(Queries.text(connection, "SHOW work_mem")).isEqualTo("7MB");
      assertThat(Queries.text(connection, "SHOW search_path")).isEqualTo("pg_catalog");
      assertThat(Queries.text(connection, "SHOW application_name")).isEqualTo("my app");
    }
  }

  @Test
  void theServersOwnRefusalIsPassedOn() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("options", "-c no_such_setting=1");

    assertSqlState("42704", () -> connect("shop@pr-1", properties).close());
  }

  @Test
  void aQueryIsCancelled() throws Exception {
    try (Connection connection = connect()) {
      Queries.assertCancels(connection, server);
    }
  }

  @Test
  void psqlConnectsAndSeesErrors() throws Exception {
    assumePsql();

    assertThat(run(psql("SELECT 6 * 7"))).isEqualTo("42");
    assertThat(run(psql("SELECT 1 FROM nothing"))).contains("relation \"nothing\" does not exist");
    assertThat(run(psql("\\copy (SELECT generate_series(1, 3)) TO STDOUT"))).isEqualTo("1\n2\n3");
  }

  @Test
  void psqlCancelsWithCtrlC() throws Exception {
    assumePsql();
    Process psql = psql("SELECT pg_sleep(60), 'cancelled by psql'");
    Queries.awaitAsleep(server, "query LIKE '%cancelled by psql%'");
    assertThat(new ProcessBuilder("kill", "-INT", Long.toString(psql.pid())).start().waitFor())
        .isZero();

    assertThat(run(psql)).contains("canceling statement due to user request");
  }

  @Test
  void logicalReplicationConnectionsPass() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("replication", "database");
    properties.setProperty("assumeMinServerVersion", "15");
    properties.setProperty("preferQueryMode", "simple");
    try (Connection connection = connect("shop@pr-1", properties)) {
      assertThat(Queries.text(connection, "IDENTIFY_SYSTEM")).isNotEmpty();
    }
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void manyConnectAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        int number = i;
        answers.add(
            threads.submit(() -> {
              try (Connection connection = connect()) {
                return Queries.text(connection, "SELECT " + number);
              }
            }));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(Integer.toString(i));
      }
    }
  }

  private Connection connect() throws SQLException {
    return connect("shop@pr-1", new Properties());
  }

  private Connection connect(String database, Properties properties) throws SQLException {
    properties.setProperty("user", "postgres");
    properties.setProperty("password", TestClient.PASSWORD);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database.replace("@", "%40"),
        properties);
  }

  /** Returns when a query that matches is running, as the server itself says. */
  private static void assertSqlState(String sqlState, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState));
  }

  private static void assumePsql() {
    assumeTrue(Files.isExecutable(PSQL), PSQL + " is not installed");
  }

  private Process psql(String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            PSQL.toString(),
            "-XAtq",
            "-c",
            command,
            "host=127.0.0.1 port=" + proxy.port() + " user=postgres dbname=shop@pr-1");
    builder.environment().put("PGPASSWORD", TestClient.PASSWORD);
    return builder.redirectErrorStream(true).start();
  }

  private static String run(Process process) throws IOException, InterruptedException {
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
      process.waitFor();
      return text;
    }
  }
}
