package dev.understudy.integration;

import static java.util.Objects.requireNonNull;

import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A production that is mirrored over TCP, behind a link or on loopback. Restoring and masking its
 * row {@code slow} takes a while, so that there is time to do something meanwhile.
 */
final class MirroredProduction implements AutoCloseable {
  static final String PASSWORD = "s3cret";
  static final int CUSTOMERS = 20_000;

  /** Logged as a warning for each row of {@code slow} that is written. */
  static final String ROW = "understudy test: a row is written";

  private final Path home;
  private final EmbeddedPostgres server;
  private final @Nullable Link link;

  /** Of the server behind a link, which is not started by its object then. */
  private @Nullable Process postmaster;

  /** Of a postmaster that was killed: no other one starts before they have ended. */
  private List<ProcessHandle> children = List.of();

  private MirroredProduction(Path home, EmbeddedPostgres server, @Nullable Link link) {
    this.home = home;
    this.server = server;
    this.link = link;
  }

  static MirroredProduction start(Path home, Path directory, @Nullable Link link) throws Exception {
    EmbeddedPostgres server =
        EmbeddedPostgres.create(
            directory,
            ServerOptions.of(home)
                .withFreePort()
                .withHba(
                    "local all,replication all trust",
                    "host all,replication all samenet scram-sha-256")
                .withSettings(
                    Map.of(
                        "fsync", "off", "listen_addresses", "*", "max_slot_wal_keep_size", "1GB")));
    MirroredProduction production = new MirroredProduction(home, server, link);
    boolean started = false;
    try {
      production.fill();
      if (link != null) {
        server.stop();
        production.restart();
      }
      started = true;
      return production;
    } finally {
      if (!started) {
        production.close();
      }
    }
  }

  private void fill() throws SQLException {
    execute(
        "postgres",
        "CREATE ROLE app LOGIN PASSWORD '" + PASSWORD + "'",
        "CREATE ROLE mirror LOGIN REPLICATION BYPASSRLS PASSWORD 'mirror'",
        "GRANT pg_read_all_data, pg_monitor TO mirror",
        "CREATE DATABASE shop OWNER app");
    execute(
        "shop",
        "CREATE FUNCTION slowly(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE WARNING ''"
            + ROW
            + "''; PERFORM pg_catalog.pg_sleep(0.4); RETURN true; END'",
        "CREATE TABLE slow (i int CHECK (slowly(i)), email text)",
        "INSERT INTO slow VALUES (1, 'slow@shop.example')",
        "CREATE TABLE round (n int)",
        "CREATE TABLE customer AS SELECT n AS id, 'c' || n || '@shop.example' AS email"
            + " FROM generate_series(1, %d) n".formatted(CUSTOMERS),
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO app");
  }

  String url() {
    return "postgresql://mirror:mirror@%s:%d/shop"
        .formatted(link == null ? "127.0.0.1" : link.address(), port());
  }

  int port() {
    return server.port();
  }

  /** A superuser's, past the link. */
  Connection connect(String database) throws SQLException {
    return server.connect(database, "postgres");
  }

  void execute(String database, String... statements) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Something for the next snapshot to have. */
  void write(int round) throws SQLException {
    execute("shop", "INSERT INTO round VALUES (%d)".formatted(round));
  }

  long ask(String query) throws SQLException {
    try (Connection connection = connect("shop")) {
      return Shop.ask(connection, query);
    }
  }

  /** As an administrator does who knows that there is no replica any more. */
  void dropSlots() throws SQLException {
    execute(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_replication",
        "DO $$ BEGIN FOR i IN 1..200 LOOP EXIT WHEN NOT EXISTS (SELECT FROM"
            + " pg_replication_slots WHERE active); PERFORM pg_sleep(0.05); END LOOP; END $$",
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
  }

  /** SIGKILL for the postmaster, whose children end soon after it. */
  void kill() throws Exception {
    ProcessHandle running =
        postmaster == null ? ProcessHandle.of(server.pid()).orElseThrow() : postmaster.toHandle();
    children = running.children().toList();
    running.destroyForcibly();
    running.onExit().get(60, TimeUnit.SECONDS);
  }

  /** After it was killed or stopped; returns when it answers. */
  void restart() throws Exception {
    for (ProcessHandle child : children) {
      child.onExit().get(60, TimeUnit.SECONDS);
    }
    if (link == null) {
      server.start();
      return;
    }
    int uid = (Integer) Files.getAttribute(server.dataDirectory(), "unix:uid");
    List<String> command = new ArrayList<>(link.inside());
    command.addAll(
        List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "setsid"));
    command.addAll(
        List.of(home.resolve("bin/postgres").toString(), "-D", server.dataDirectory().toString()));
    postmaster =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(server.logFile().toFile()))
            .start();
    Await.soon("production", this::answers);
  }

  private boolean answers() {
    try {
      return ask("SELECT 1") == 1;
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (postmaster != null) {
      Process last = requireNonNull(postmaster, "postmaster is null");
      List<ProcessHandle> all = last.descendants().toList();
      last.destroyForcibly().onExit().join();
      all.forEach(ProcessHandle::destroyForcibly);
    }
    server.close();
  }
}
