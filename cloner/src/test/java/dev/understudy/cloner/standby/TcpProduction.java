package dev.understudy.cloner.standby;

import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.config.Secret;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Production, reached by TCP with a password. */
final class TcpProduction implements AutoCloseable {
  private static final String PASSWORD = "a:b\\c'd " + StandbyStage.MARK;

  private final Path parent;
  private EmbeddedPostgres server;

  private TcpProduction(Path parent, EmbeddedPostgres server) {
    this.parent = parent;
    this.server = server;
  }

  /**
   * Starts it.
   *
   * @param parent of its directory
   */
  static TcpProduction start(Path parent, Path home, Map<String, String> settings)
      throws Exception {
    Map<String, String> all = new HashMap<>();
    all.put("wal_keep_size", "0");
    all.put("min_wal_size", "32MB");
    all.put("max_wal_size", "64MB");
    all.putAll(settings);
    TcpProduction production =
        new TcpProduction(
            parent,
            EmbeddedPostgres.create(
                parent.resolve("production"),
                ServerOptions.of(home).withFreePort().withSettings(all)));
    production.createRole();
    return production;
  }

  /** The one of now. */
  EmbeddedPostgres server() {
    return server;
  }

  Secret url() {
    return new Secret(
        "host=127.0.0.1 port=%d user=understudy password='%s'"
            .formatted(server.port(), PASSWORD.replace("\\", "\\\\").replace("'", "\\'")));
  }

  /** With a directory of its own beside production's data. */
  Path directoryBeside(String name) throws IOException {
    Path directory = server.dataDirectory().resolveSibling(name);
    Files.createDirectory(directory);
    Files.setAttribute(
        directory, "unix:uid", Files.getAttribute(server.dataDirectory(), "unix:uid"));
    return directory;
  }

  /** Another cluster takes its place. */
  void replace() throws Exception {
    EmbeddedPostgres old = server;
    old.close();
    server =
        EmbeddedPostgres.createApart(
            parent.resolve("other"),
            ServerOptions.of(Workbench.home(StandbyStage.MAJOR)).withPort(old.port()));
    createRole();
  }

  private void createRole() throws SQLException {
    execute(
        "CREATE ROLE understudy LOGIN REPLICATION PASSWORD '" + PASSWORD.replace("'", "''") + "'");
  }

  /** Another pg_hba.conf. */
  void reload(String hba) throws Exception {
    Files.writeString(server.dataDirectory().resolve("pg_hba.conf"), hba);
    execute("SELECT pg_reload_conf()");
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = server.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  long number(String query) throws SQLException {
    try (Connection connection = server.connect("postgres", "postgres")) {
      return Rows.number(connection, query);
    }
  }

  String text(String query) throws SQLException {
    try (Connection connection = server.connect("postgres", "postgres")) {
      return Rows.text(connection, query);
    }
  }

  /** Whether production has come to have this value of a setting. */
  boolean isShown(String setting, String value) {
    try {
      return text("SHOW " + setting).equals(value);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes WAL until that of now is gone, where nobody keeps it. */
  void turnWal() throws Exception {
    String now = text("SELECT pg_walfile_name(pg_current_wal_lsn())");
    for (int i = 0; i < 3; i++) {
      execute("CREATE TABLE turn (i int)", "DROP TABLE turn", "SELECT pg_switch_wal()");
    }
    StandbyStage.await(
        "WAL is removed",
        () -> {
          try {
            execute("CHECKPOINT");
            return number("SELECT count(*) FROM pg_ls_waldir() WHERE name = '" + now + "'") == 0;
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
