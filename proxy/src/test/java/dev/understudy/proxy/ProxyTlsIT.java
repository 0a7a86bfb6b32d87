package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.config.Tls;
import dev.understudy.config.TlsEngine;
import dev.understudy.embedded.EmbeddedBinaries;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.TestAuthority;
import dev.understudy.proxy.testing.TestClient;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
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
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** pgJDBC and psql inside TLS, through a proxy that demands it, to a real server. */
@ParameterizedClass
@EnumSource(
    value = TlsEngine.class,
    names = {"JDK", "BORINGSSL"})
class ProxyTlsIT {
  private static final Path PSQL = Path.of("/usr/bin/psql");

  @TempDir private static Path directory;
  private static TestAuthority authority;
  private static EmbeddedPostgres server;
  private static FakeEnvironments environments;
  private ProxyHarness proxy;

  @Parameter TlsEngine engine = TlsEngine.AUTO;

  @BeforeAll
  static void start() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    authority = new TestAuthority(directory);
    authority.issue(Algorithm.rsa2048);
    server =
        EmbeddedPostgres.create(
            directory.resolve("server"),
            ServerOptions.of(EmbeddedBinaries.unpack(directory.resolve("binaries"))));
    try (Connection connection = server.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE shop");
    }
    environments = FakeEnvironments.at(server.socket());
    authority.issue("others", Algorithm.ecp256, "*.db.test");
  }

  @BeforeEach
  void startProxy() throws Exception {
    Tls tls =
        new Tls(
            authority.tls(true).certificate(),
            List.of(authority.files("others")),
            "db.test",
            true,
            engine);
    proxy = ProxyHarness.with().tls(tls).start(environments);
  }

  @AfterEach
  void stopProxy() {
    proxy.close();
    assertThat(environments.openLeases()).isZero();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "require, postgresql, prefer",
    "require, direct, prefer",
    "verify-full, postgresql, require",
    "verify-full, direct, require",
    "verify-full, postgresql, disable"
  })
  void theDriverConnects(String mode, String negotiation, String binding) throws Exception {
    try (Connection connection = connect(mode, negotiation, binding)) {
      assertThat(Queries.text(connection, "SHOW understudy.environment")).isEqualTo("pr-1");
    }
  }

  @Test
  void theDriverWithoutTlsIsToldHow() {
    assertThatThrownBy(() -> connect("disable", "postgresql", "prefer").close())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
  }

  @Test
  void whoTrustsAnotherAuthorityDoesNotConnect(@TempDir Path others) throws Exception {
    String root = new TestAuthority(others).rootFile().toString();
    Properties properties = properties("verify-full", "postgresql", "prefer");
    properties.setProperty("sslrootcert", root);

    assertThatThrownBy(() -> connect(properties).close())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08006"));
    assumePsql();
    assertThat(psql("sslmode=verify-full sslrootcert=" + root)).contains("SSL error");
  }

  @Test
  void muchPassesBothWays() throws Exception {
    byte[] lines = "12345\tsome text of a row\n".repeat(400_000).getBytes(StandardCharsets.UTF_8);
    try (Connection connection = connect("verify-full", "postgresql", "require");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE copied (a int, b text)");
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();

      assertThat(copy.copyIn("COPY copied FROM STDIN", new ByteArrayInputStream(lines)))
          .isEqualTo(400_000);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      copy.copyOut("COPY copied TO STDOUT", out);
      assertThat(out.toByteArray()).isEqualTo(lines);
      assertThat(Queries.text(connection, "SELECT repeat('x', 8 * 1024 * 1024)"))
          .hasSize(8 * 1024 * 1024);
    }
  }

  @ParameterizedTest
  @CsvSource({"postgresql", "direct"})
  void aQueryIsCancelled(String negotiation) throws Exception {
    try (Connection connection = connect("verify-full", negotiation, "require")) {
      Queries.assertCancels(connection, server);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sslmode=verify-full channel_binding=require, 42",
    "sslmode=require channel_binding=disable, 42",
    "sslmode=prefer, 42",
    "sslmode=disable, connections without TLS are not accepted"
  })
  void psqlConnects(String how, String output) throws Exception {
    assumePsql();

    assertThat(psql(how)).contains(output);
  }

  /** Which certificate it was shown it proves by binding its login to that. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=pr-7.db.test dbname=shop",
        "host=PR-7.DB.TEST dbname=postgres",
        "host=pr-7.db.test dbname=shop@pr-7",
        "host=localhost dbname=shop@pr-7"
      })
  void psqlNamesAnEnvironmentByItsHost(String how) throws Exception {
    assumePsql();

    assertThat(psql("hostaddr=127.0.0.1 sslmode=verify-full channel_binding=require " + how))
        .isEqualTo("42\n");
    assertThat(environments.requests().getLast().environment()).isEqualTo("pr-7");
  }

  @ParameterizedTest
  @CsvSource({
    "host=pr-7.db.test sslmode=require, different environments",
    "host=pr-7.db.test dbname=shop@pr-7 sslsni=0 sslmode=verify-full, does not match host name",
    "host=a_b.db.test dbname=shop sslmode=require, 'psql \"host=db.test dbname=DATABASE@a_b\"'",
    "host=a.b.db.test dbname=shop sslmode=require, 'Connect to host \"a-b.db.test\"'",
    "host=a.b.db.test dbname=shop sslmode=verify-full, does not match host name",
  })
  void psqlIsToldWhatAHostCannotName(String how, String output) throws Exception {
    assumePsql();

    assertThat(psql("hostaddr=127.0.0.1 " + how)).contains(output);
  }

  private static void assumePsql() {
    assumeTrue(Files.isExecutable(PSQL), PSQL + " is not installed");
  }

  private String psql(String how) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            PSQL.toString(),
            "-XAtq",
            "-c",
            "SELECT 6 * 7",
            "host=localhost port="
                + proxy.port()
                + " user=postgres dbname=shop@pr-1 sslrootcert="
                + authority.rootFile()
                + " "
                + how);
    builder.environment().put("PGPASSWORD", TestClient.PASSWORD);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return text;
    }
  }

  private Connection connect(String mode, String negotiation, String binding) throws SQLException {
    return connect(properties(mode, negotiation, binding));
  }

  private Connection connect(Properties properties) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + proxy.port() + "/shop%40pr-1", properties);
  }

  private static Properties properties(String mode, String negotiation, String binding) {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("password", TestClient.PASSWORD);
    properties.setProperty("sslmode", mode);
    properties.setProperty("sslNegotiation", negotiation);
    properties.setProperty("channelBinding", binding);
    properties.setProperty("sslrootcert", authority.rootFile().toString());
    return properties;
  }
}
