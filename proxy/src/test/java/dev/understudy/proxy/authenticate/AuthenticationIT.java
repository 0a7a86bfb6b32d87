package dev.understudy.proxy.authenticate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.config.Secret;
import dev.understudy.embedded.EmbeddedBinaries;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Verifiers that PostgreSQL made, and the clients that people have. */
class AuthenticationIT {
  /**
   * ASCII; composed and decomposed; changed, emptied and prohibited by SASLprep; not in the BMP.
   */
  static final List<String> PASSWORDS =
      List.of(
          "secret",
          "with, comma=and \"quotes' ",
          "grün ½",
          "gru\u0308n \uFB01",
          "I\u00ADX \u00AA \u2168",
          "\u00AD",
          "a\u0007b",
          "\u06271",
          "пароль 密码",
          "\uD83D\uDD11");

  /** The driver cannot send a password that SASLprep empties. */
  static final List<String> PASSWORDS_OF_JAVA =
      PASSWORDS.stream().filter(password -> !password.equals("\u00AD")).toList();

  @TempDir private static Path directory;
  private static EmbeddedPostgres postgres;
  private static LoginServer server;

  private static final Map<String, Credential> STORE = new HashMap<>();

  @BeforeAll
  static void takeOverTheRoles() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path home = EmbeddedBinaries.unpack(directory.resolve("binaries"));
    postgres = EmbeddedPostgres.create(directory.resolve("production"), ServerOptions.of(home));
    try (Connection connection = postgres.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < PASSWORDS.size(); i++) {
        createRole(connection, "role" + i, PASSWORDS.get(i));
      }
      statement.execute("SET scram_iterations = 12345");
      createRole(connection, "iterated", "secret");
      statement.execute("SET password_encryption = 'md5'");
      createRole(connection, "old", "secret");
      try (ResultSet roles =
          statement.executeQuery(
              "SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL")) {
        while (roles.next()) {
          Secret password = new Secret(roles.getString(2));
          STORE.put(roles.getString(1), new Credential(roles.getString(1), password, true, null));
        }
      }
    }
    server = new LoginServer(authenticator(true));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    postgres.close();
  }

  private static void createRole(Connection connection, String name, String password)
      throws SQLException {
    try (PreparedStatement quote =
        connection.prepareStatement("SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', ?, ?)")) {
      quote.setString(1, name);
      quote.setString(2, password);
      try (ResultSet sql = quote.executeQuery();
          Statement create = connection.createStatement()) {
        sql.next();
        create.execute(sql.getString(1));
      }
    }
  }

  private static Authenticator authenticator(boolean allowMd5) {
    return new Authenticator(
        (login, _, _) -> Optional.ofNullable(STORE.get(login)), () -> allowMd5);
  }

  @ParameterizedTest
  @FieldSource("PASSWORDS")
  void derivesTheVerifierThatPostgresDerives(String password) {
    ScramVerifier verifier = verifier("role" + PASSWORDS.indexOf(password));

    assertThat(ScramVerifier.derive(new Secret(password), verifier.salt(), verifier.iterations()))
        .isEqualTo(verifier);
  }

  @ParameterizedTest
  @FieldSource("PASSWORDS")
  void letsInAClientOfLibpq(String password) throws Exception {
    String role = "role" + PASSWORDS.indexOf(password);

    assertThat(psql(role, password)).contains("let in as " + role);
    assertThat(psql(role, password + "x"))
        .contains("password authentication failed for user \"" + role + "\"");
  }

  @ParameterizedTest
  @FieldSource("PASSWORDS_OF_JAVA")
  void letsInAClientOfJava(String password) {
    String role = "role" + PASSWORDS.indexOf(password);

    assertThat(connect(role, password).getSQLState()).isEqualTo(LoginServer.LET_IN);
    assertThat(connect(role, password + "x").getSQLState()).isEqualTo("28P01");
  }

  @Test
  void followsTheIterationsOfTheVerifier() throws Exception {
    assertThat(verifier("iterated").iterations()).isEqualTo(12345);
    assertThat(connect("iterated", "secret").getSQLState()).isEqualTo(LoginServer.LET_IN);
    assertThat(psql("iterated", "secret")).contains("let in as iterated");
  }

  @Test
  void takesOldPasswordsOnlyWhereAllowed() throws Exception {
    assertThat(psql("old", "secret")).contains("let in as old");
    assertThat(psql("old", "wrong")).contains("password authentication failed");
    assertThat(connect("old", "secret").getSQLState()).isEqualTo(LoginServer.LET_IN);
    try (LoginServer strict = new LoginServer(authenticator(false))) {
      assertThat(connect(strict.port(), "old", "secret").getSQLState()).isEqualTo("28P01");
    }
  }

  @Test
  void refusesStrangersLikeWrongPasswords() throws Exception {
    assertThat(psql("stranger", "secret"))
        .contains("FATAL:  password authentication failed for user \"stranger\"");
  }

  @Test
  void letsInByAPlainPasswordOfTheSettings() throws Exception {
    STORE.put("alice", new Credential("app", new Secret("grün"), true, null).prepared());

    assertThat(psql("alice", "grün")).contains("let in as app");
    assertThat(connect("alice", "gru\u0308n").getSQLState()).isEqualTo(LoginServer.LET_IN);
  }

  private static ScramVerifier verifier(String role) {
    return ((StoredPassword.Scram) StoredPassword.of(requireNonNull(STORE.get(role)).password()))
        .verifier();
  }

  private static SQLException connect(String role, String password) {
    return connect(server.port(), role, password);
  }

  private static SQLException connect(int port, String role, String password) {
    Properties properties = new Properties();
    properties.setProperty("user", role);
    properties.setProperty("password", password);
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/shop";
    return catchThrowableOfType(
        SQLException.class, () -> DriverManager.getConnection(url, properties).close());
  }

  private static String psql(String role, String password) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/psql")), "psql is not installed");
    // Not in the environment: Java encodes that as the locale has it.
    Path passwords = directory.resolve("pgpass");
    String escaped = password.replace("\\", "\\\\").replace(":", "\\:");
    Files.writeString(passwords, "*:*:*:*:" + escaped + "\n", StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
    String target =
        "host=127.0.0.1 port=" + server.port() + " user=" + role + " dbname=shop passfile=";
    Process psql =
        new ProcessBuilder("/usr/bin/psql", "-X", "-w", target + passwords)
            .redirectErrorStream(true)
            .start();
    psql.getOutputStream().close();
    String output = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(psql.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
