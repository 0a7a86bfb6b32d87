package dev.understudy.cloner.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.snapshot.ReplacementKey;
import dev.understudy.cloner.state.JsonFile;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken of what a server says of its roles, whose superuser may mean ill. */
class SqlRoleReaderIT {
  private static final String KEY = "a2V5IG9mIHRoZSB0ZXN0cw==";
  private static final Origin ORIGIN =
      new Origin("s1", "prod", Instant.EPOCH, 180_000, "postgres", null, KEY, Map.of());
  private static final String OWN =
      "SCRAM-SHA-256$4096:" + "A".repeat(22) + "==$" + "B".repeat(43) + "=:" + "C".repeat(43) + "=";

  @TempDir static Path parent = Path.of("");
  private static @Nullable EmbeddedPostgres server;

  @BeforeAll
  static void start() throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    server =
        EmbeddedPostgres.create(parent.resolve("server"), ServerOptions.of(Workbench.embedded()));
  }

  @AfterAll
  static void stop() throws Exception {
    server().close();
  }

  @AfterEach
  void forgetRoles() throws Exception {
    execute("DELETE FROM pg_authid WHERE oid >= 16384");
  }

  private static EmbeddedPostgres server() {
    return Objects.requireNonNull(server);
  }

  @Test
  void tellsWhoMayLogInAndByWhat() throws Exception {
    execute(
        "SET password_encryption = 'scram-sha-256'",
        "CREATE ROLE \"Untouched\" LOGIN PASSWORD '"
            + ReplacementKey.verifier(KEY, "Untouched")
            + "'",
        "CREATE ROLE own LOGIN PASSWORD '" + OWN + "' VALID UNTIL '2031-02-03 04:05:06Z'",
        "CREATE ROLE old LOGIN PASSWORD 'md5" + "0".repeat(32) + "' VALID UNTIL '-infinity'",
        "CREATE ROLE typed LOGIN PASSWORD 'secret' VALID UNTIL 'infinity'",
        "CREATE ROLE nologin",
        "CREATE ROLE renamed LOGIN PASSWORD '" + ReplacementKey.verifier(KEY, "renamed") + "'",
        "ALTER ROLE renamed RENAME TO other");

    RoleReading reading = read();

    assertThat(reading.unusable()).isZero();
    assertThat(reading.cut()).isFalse();
    assertThat(reading.roles().cloneId()).isEqualTo("c1");
    assertThat(reading.roles().source()).isEqualTo("prod");
    assertThat(role(reading, "Untouched"))
        .isEqualTo(new CloneRole("Untouched", true, true, null, null));
    assertThat(role(reading, "own"))
        .isEqualTo(new CloneRole("own", true, false, OWN, Instant.parse("2031-02-03T04:05:06Z")));
    assertThat(role(reading, "old"))
        .isEqualTo(new CloneRole("old", true, false, "md5" + "0".repeat(32), Instant.EPOCH));
    assertThat(role(reading, "typed").verifier()).startsWith("SCRAM-SHA-256$4096:");
    assertThat(role(reading, "typed").validUntil()).isNull();
    assertThat(role(reading, "nologin"))
        .isEqualTo(new CloneRole("nologin", false, false, null, null));
    assertThat(role(reading, "other").untouched()).as("it was another's").isFalse();
    assertThat(reading.roles().role("renamed")).isEmpty();
    assertThat(reading.roles().role("untouched")).isEmpty();
    assertThat(role(reading, "other")).hasToString("CloneRole[other]");
  }

  @Test
  void takesNothingForAVerifierThatIsNone() throws Exception {
    execute("CREATE ROLE a LOGIN", "CREATE ROLE b LOGIN", "CREATE ROLE c LOGIN");
    for (String password :
        new String[] {
          "'plain'",
          "''",
          "'md5'",
          "'SCRAM-SHA-256$'",
          "'%s '".formatted(OWN),
          "'%s'".formatted(OWN.replace("$4096:", "$0:")),
          "'%s'".formatted(OWN.replace("$4096:", "$1000000:")),
          "'%s'".formatted(OWN.replace("$4096:", "$4294971392:")),
          "'%s'".formatted(OWN.replace("BB", "B")),
          "repeat('x', 1000)",
          "repeat('x', 500000)",
          "'SCRAM-SHA-256$4096:' || repeat('A', 500000)"
        }) {
      execute("UPDATE pg_authid SET rolpassword = " + password + " WHERE rolname = 'b'");
      RoleReading reading = read();

      assertThat(reading.unusable()).as(password).isOne();
      assertThat(role(reading, "b"))
          .as(password)
          .isEqualTo(new CloneRole("b", true, false, null, null));
      assertThat(role(reading, "c").canLogin()).isTrue();
    }
  }

  @Test
  void takesTheOldestOfVeryManyRoles() throws Exception {
    execute("CREATE ROLE elder LOGIN PASSWORD '" + OWN + "'", insert(20_000, "NULL"));

    RoleReading reading = read();

    assertThat(reading.cut()).isTrue();
    assertThat(role(reading, "elder").verifier()).isEqualTo(OWN);
    assertThat(reading.roles().role("r1")).isPresent();
    assertThat(reading.roles().role("r15000")).isEmpty();
    assertThat(size(reading)).isEqualTo(SqlRoleReader.MOST_ROLES);
  }

  @Test
  void takesTheOldestOfVeryMuchText() throws Exception {
    execute(
        "CREATE ROLE elder LOGIN PASSWORD '" + OWN + "'",
        insert(9_000, "'" + OWN.replace("A".repeat(22) + "==", "A".repeat(256)) + "'"));

    RoleReading reading = read();

    assertThat(reading.cut()).isTrue();
    assertThat(reading.unusable()).isZero();
    assertThat(role(reading, "elder").verifier()).isEqualTo(OWN);
    assertThat(size(reading)).isBetween(1_000, 4_000);
    assertThat(text(reading)).isLessThanOrEqualTo(SqlRoleReader.MOST_TEXT);
  }

  @Test
  void takesWhatIsThereOfRolesThatCannotBe() throws Exception {
    execute(
        "CREATE ROLE ancient LOGIN PASSWORD '" + OWN + "' VALID UNTIL '4713-01-01 00:00:00 BC'",
        "CREATE ROLE eternal LOGIN PASSWORD '" + OWN + "' VALID UNTIL '294276-12-31 23:59:59'",
        "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    try (Connection ascii = server().connect("ascii", "postgres");
        Statement statement = ascii.createStatement()) {
      statement.execute("DO $$ BEGIN EXECUTE 'CREATE ROLE \"' || chr(255) || '\"'; END $$");
    } finally {
      execute("DROP DATABASE ascii");
    }

    RoleReading reading = read();
    JsonFile<RolesRecord> file = new JsonFile<>(parent.resolve("roles.json"), RolesRecord.class);
    file.write(reading.roles().record());

    assertThat(new CloneRoles("c1", "prod", file.read().roles()).areAs(reading.roles())).isTrue();
    assertThat(role(reading, "ancient").validUntil()).isBefore(Instant.EPOCH);
    assertThat(role(reading, "eternal").validUntil())
        .isAfter(Instant.parse("9999-01-01T00:00:00Z"));
    assertThat(size(reading)).as("also the one whose name is in no encoding").isEqualTo(count());
  }

  @Test
  void aResultThatWouldFillTheMemoryIsRefused() throws Exception {
    try (Connection brief =
            Sql.connectBriefly(server().socket(), "postgres", "postgres", Duration.ofSeconds(30));
        Statement statement = brief.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT repeat('x', 20000000)"))
          .isInstanceOf(SQLException.class);
    }
  }

  private static String insert(int count, String password) {
    return """
    INSERT INTO pg_authid (oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb,
      rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolpassword)
    SELECT 4000000 + i, 'r' || i, false, true, false, false, true, false, false, -1, %s
    FROM generate_series(1, %d) i
    """
        .formatted(password, count);
  }

  private static int size(RoleReading reading) {
    return reading.roles().record().roles().size();
  }

  private static int text(RoleReading reading) {
    return reading.roles().record().roles().stream()
        .mapToInt(
            role -> role.name().length() + Objects.requireNonNullElse(role.verifier(), "").length())
        .sum();
  }

  private static CloneRole role(RoleReading reading, String name) {
    return reading.roles().role(name).orElseThrow();
  }

  private static RoleReading read() throws SQLException {
    try (Connection connection = server().connect("postgres", "postgres")) {
      return SqlRoleReader.read(connection, "c1", ORIGIN);
    }
  }

  private static int count() throws SQLException {
    try (Connection connection = server().connect("postgres", "postgres");
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM pg_authid")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = server().connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
