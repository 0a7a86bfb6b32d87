package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.TestClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL's own tools for replication, through the proxy. */
class ProxyReplicationIT {
  private static final Path HOME = Path.of("/usr/lib/postgresql/15");

  @TempDir private static Path directory;
  private static EmbeddedPostgres server;
  private static FakeEnvironments environments;
  private static ProxyHarness proxy;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Files.isDirectory(HOME), "no PostgreSQL 15 in " + HOME);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    server =
        EmbeddedPostgres.create(
            directory.resolve("server"),
            ServerOptions.of(HOME)
                .withSettings(Map.of("wal_level", "logical", "max_wal_senders", "10")));
    try (Connection connection = server.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE shop");
    }
    query("CREATE TABLE item (name text)");
    environments = FakeEnvironments.at(server.socket());
    proxy = ProxyHarness.with().protocolMinor(0).start(environments);
  }

  @AfterAll
  static void stop() throws Exception {
    if (proxy != null) {
      proxy.close();
      assertThat(environments.openLeases()).isZero();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void logicalDecoding() throws Exception {
    run(
        "pg_recvlogical",
        "-d",
        "dbname=shop@pr-1",
        "--slot=logical",
        "--create-slot",
        "-P",
        "test_decoding");
    query("INSERT INTO item SELECT 'item ' || i FROM generate_series(1, 1000) i");
    String end = query("SELECT pg_current_wal_lsn()");
    Path out = directory.resolve("decoded");
    run(
        "pg_recvlogical",
        "-d",
        "dbname=shop@pr-1",
        "--slot=logical",
        "--start",
        "--endpos=" + end,
        "--file=" + out);
    run("pg_recvlogical", "-d", "dbname=shop@pr-1", "--slot=logical", "--drop-slot");

    assertThat(Files.readAllLines(out))
        .contains("table public.item: INSERT: name[text]:'item 1'")
        .filteredOn(line -> line.contains("INSERT"))
        .hasSize(1000);
  }

  /** It names no database of its own: the environment stands in the options. */
  @Test
  void streamingOfWal() throws Exception {
    Path wal = Files.createDirectory(directory.resolve("wal"));
    run("pg_receivewal", "-D", wal.toString(), "--slot=physical", "--create-slot");
    String end = query("SELECT pg_current_wal_lsn() + 3 * 16 * 1024 * 1024::numeric");
    Process receiving =
        start(
            "pg_receivewal",
            "-D",
            wal.toString(),
            "--slot=physical",
            "--endpos=" + end,
            "--no-loop");
    while (!receiving.waitFor(200, TimeUnit.MILLISECONDS)) {
      query("INSERT INTO item SELECT 'more' FROM generate_series(1, 1000)");
      query("SELECT pg_switch_wal()");
    }
    end(receiving);

    try (Stream<Path> received = Files.list(wal)) {
      List<Path> segments = received.filter(file -> !file.toString().endsWith(".partial")).toList();
      assertThat(segments).isNotEmpty();
      for (Path segment : segments) {
        Path original = server.dataDirectory().resolve("pg_wal").resolve(segment.getFileName());
        assertThat(Files.mismatch(segment, original)).isEqualTo(-1);
      }
    }
    run("pg_receivewal", "--slot=physical", "--drop-slot");
  }

  @Test
  void baseBackupWithItsWal() throws Exception {
    Path backup = directory.resolve("backup");
    run("pg_basebackup", "-D", backup.toString(), "-X", "stream", "--checkpoint=fast");

    assertThat(run("pg_verifybackup", backup.toString())).contains("backup successfully verified");
  }

  private static String query(String query) throws SQLException {
    try (Connection connection = server.connect("shop", "postgres");
        Statement statement = connection.createStatement()) {
      if (!statement.execute(query)) {
        return "";
      }
      try (var result = statement.getResultSet()) {
        result.next();
        return result.getString(1);
      }
    }
  }

  private static String run(String tool, String... arguments)
      throws IOException, InterruptedException {
    return end(start(tool, arguments));
  }

  private static Process start(String tool, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin").resolve(tool).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "PGHOST", "127.0.0.1",
                "PGPORT", Integer.toString(proxy.port()),
                "PGUSER", "postgres",
                "PGPASSWORD", TestClient.PASSWORD,
                "PGOPTIONS", "-c understudy.environment=pr-1"));
    return builder.start();
  }

  /** What it said. */
  private static String end(Process process) throws IOException, InterruptedException {
    try (InputStream out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    }
  }
}
