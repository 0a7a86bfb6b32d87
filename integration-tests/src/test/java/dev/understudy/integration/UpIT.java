package dev.understudy.integration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.embedded.DirectoryTree;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import dev.understudy.testing.Daemon;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From one URL to environments, as somebody does it who has nothing but the URL. */
@Timeout(300)
class UpIT {
  private static final Pattern PASSWORD =
      Pattern.compile("as staging with the password (\\S+) \\(told this once\\)");
  private static final Pattern GIVEN = Pattern.compile("//\\w+:([^@]+)@");
  private static final Pattern CERTIFICATE =
      Pattern.compile("sslmode=verify-full sslrootcert=(\\S+)");
  private static final Pattern PORT = Pattern.compile("host=127\\.0\\.0\\.1 port=(\\d+)");

  private Path directory = Path.of("");
  private @Nullable EmbeddedPostgres production;

  @BeforeEach
  void startProduction() throws Exception {
    Path home = Installations.withClientPrograms();
    assumeTrue(home != null, "needs PostgreSQL 15 of Debian with pg_basebackup and pg_dump");
    // Short, since unix sockets lie below it.
    directory = Files.createTempDirectory("up");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    EmbeddedPostgres made =
        EmbeddedPostgres.create(
            directory.resolve("production"),
            ServerOptions.of(requireNonNull(home))
                .withFreePort()
                .withSettings(Map.of("fsync", "off")));
    production = made;
    try (Connection connection = made.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE app LOGIN PASSWORD 'app'");
      statement.execute("CREATE ROLE follower LOGIN REPLICATION PASSWORD 's3cret-of-follower'");
      statement.execute("CREATE ROLE reader LOGIN BYPASSRLS PASSWORD 's3cret-of-reader'");
      statement.execute("GRANT pg_read_all_data TO reader");
      statement.execute("CREATE DATABASE shop OWNER app");
    }
    try (Connection connection = made.connect("shop", "app");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE customer AS SELECT generate_series(1, 1000) AS id");
    }
  }

  @AfterEach
  void endAll() throws Exception {
    Daemon.endClones(data());
    PoolImage.remove(data());
    if (production != null) {
      production.close();
    }
    DirectoryTree.delete(directory);
  }

  @Test
  void whoMayReplicateIsFollowed() throws Exception {
    String url = url("follower");
    String first = upAndDown(url, "a standby of our own will follow it", this::useIt);
    assertThat(first)
        .contains("UNMASKED", "The web page asks for the token in ")
        .doesNotContain("s3cret", "#token=");
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));

    Path settings = file();
    String password = find(PASSWORD, first);
    try (Connection connection = requireNonNull(production).connect("shop", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE follower PASSWORD 'n3w-s3cret-of-follower'");
    }
    String second =
        upAndDown(
            url.replace("s3cret", "n3w-s3cret"),
            "settings of an earlier time: " + settings,
            output -> {
              try (Connection connection = connect(output, password, "shop@pr-1")) {
                assertThat(Shop.ask(connection, "SELECT count(*) FROM mine")).isEqualTo(1);
              }
            });
    assertThat(second).contains("new password written").doesNotContain(password, "s3cret");
    assertThat(Files.readString(settings)).contains("n3w-s3cret-of-follower");

    Process other = up(url("reader"));
    String refusal = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor()).isOne();
    assertThat(refusal).contains(settings + " is for another URL").contains("hint: ");
  }

  /** Also where the role might replicate, but production lets nobody. */
  @Test
  void whoMayOnlyReadIsDumped() throws Exception {
    EmbeddedPostgres production = requireNonNull(this.production, "production is null");
    Path hba = production.dataDirectory().resolve("pg_hba.conf");
    Files.writeString(hba, "host replication all all reject\n" + Files.readString(hba));
    try (Connection connection = production.connect("shop", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE reader REPLICATION");
      statement.execute("SELECT pg_reload_conf()");
    }
    String output =
        upAndDown(
            url("reader"),
            "it will be dumped, as production takes no replication connection from here",
            this::useIt);
    assertThat(output)
        .contains("For a standby: ", "Add this line to production's pg_hba.conf")
        .doesNotContain("s3cret");
  }

  @Test
  void thePasswordIsToldThoughTheFirstSnapshotFails() throws Exception {
    EmbeddedPostgres production = requireNonNull(this.production, "production is null");
    try (Connection connection = production.connect("shop", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE hidden LOGIN PASSWORD 's3cret-of-hidden'");
      statement.execute("GRANT pg_read_all_data TO hidden");
      statement.execute("CREATE TABLE guarded AS SELECT 1 AS id");
      statement.execute("ALTER TABLE guarded ENABLE ROW LEVEL SECURITY");
      Process process = up(url("hidden"));
      String failed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isOne();
      String password = find(PASSWORD, failed);

      statement.execute("ALTER ROLE hidden BYPASSRLS");
      upAndDown(
          url("hidden"),
          "settings of an earlier time",
          output -> {
            try (Connection staging = connect(output, password, "staging")) {
              assertThat(Shop.ask(staging, "SELECT count(*) FROM customer")).isEqualTo(1000);
            }
          });
    }
  }

  @Test
  void whatIsWrongIsSaidAndNothingIsLeft() throws Exception {
    Process process = up(url("follower").replace("s3cret", "wrong"));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isOne();
    assertThat(output)
        .contains("production's server does not let us in")
        .contains("hint: Correct user and password in url of the source.")
        .doesNotContain("\tat ")
        .doesNotContain("wrong-of-follower");
    assertThat(file()).doesNotExist();
    assertThat(data()).doesNotExist();
  }

  private interface Use {
    void of(String output) throws Exception;
  }

  private void useIt(String output) throws SQLException {
    String password = find(PASSWORD, output);
    try (Connection connection = connect(output, password, "staging")) {
      assertThat(Shop.ask(connection, "SELECT count(*) FROM customer")).isEqualTo(1000);
    }
    try (Connection connection = connect(output, password, "shop@pr-1");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE mine AS SELECT 1");
    }
  }

  /** Starts it, waits until clients can connect, uses it, and ends it as Ctrl-C does. */
  private String upAndDown(String url, String expected, Use use) throws Exception {
    Process process = up(url);
    try {
      String output = readUntil(process.inputReader(), "Ctrl-C ends the daemon");
      assertThat(output).contains(expected);
      use.of(output);
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  private Process up(String url) throws IOException {
    String password = find(GIVEN, url);
    return new ProcessBuilder(
            List.of(
                "env",
                "--default-signal=INT",
                "PGPASSWORD=" + password,
                Daemon.launcher().toString(),
                "up",
                url.replace(":" + password + "@", "@"),
                "--data-directory",
                data().toString(),
                "--port",
                "0",
                "--pool-size",
                "4G"))
        .redirectErrorStream(true)
        .start();
  }

  private static String readUntil(BufferedReader reader, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    String line = reader.readLine();
    while (line != null && !line.contains(text)) {
      read.append(line).append('\n');
      line = reader.readLine();
    }
    assertThat(line).as("after\n%s", read).isNotNull();
    return read.toString();
  }

  /** Verifies the certificate by what the output says. */
  private static Connection connect(String output, String password, String database)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "staging");
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", find(CERTIFICATE, output));
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:%s/%s"
            .formatted(find(PORT, output), database.replace("@", "%40")),
        properties);
  }

  private static String find(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    assertThat(matcher.find()).as("%s in\n%s", pattern, output).isTrue();
    return matcher.group(1);
  }

  private String url(String role) {
    return "postgresql://%s:s3cret-of-%s@127.0.0.1:%d/shop"
        .formatted(role, role, requireNonNull(production).port());
  }

  private Path data() {
    return directory.resolve("u");
  }

  private Path file() {
    return directory.resolve("u.conf");
  }
}
