package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import dev.understudy.cloner.snapshot.Snapshot.Role;
import dev.understudy.cloner.source.CopyListener;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy of production whose server runs in the sandbox, with nobody but us connected. Its sessions
 * are a superuser's, and plain: nothing that production set for a role or a database bends them,
 * and no trigger fires but those that always do. Used by one thread.
 */
public final class RecoveredCopy implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofMinutes(30);

  private static final List<String> PLAIN_SESSION =
      List.of(
          "SET search_path = pg_catalog, pg_temp",
          "SET SESSION AUTHORIZATION DEFAULT",
          "SET ROLE NONE",
          "SET default_transaction_read_only = off",
          "SET default_transaction_isolation = 'read committed'",
          "SET synchronous_commit = off",
          "SET session_replication_role = replica",
          """
          SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings
          WHERE name = 'transaction_timeout'\
          """);

  private final Path socket;
  private final String superuser;
  private final Path data;
  private final CopyListener listener;
  private final Connection session;
  private final List<Database> databases;
  private final List<Role> roles;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> abandoned = new ArrayList<>();

  private RecoveredCopy(
      Path socket, String superuser, Path data, CopyListener listener, Connection session)
      throws SQLException {
    this.socket = socket;
    this.superuser = superuser;
    this.data = data;
    this.listener = listener;
    this.session = session;
    this.databases = List.copyOf(Catalog.databases(session));
    this.roles = List.copyOf(Catalog.roles(session));
  }

  /**
   * @param socket of its server
   * @param data directory of its server
   * @param listener hears how far the longer steps are
   */
  static RecoveredCopy open(Path socket, String superuser, Path data, CopyListener listener)
      throws SQLException {
    requireNonNull(socket, "socket is null");
    requireNonNull(superuser, "superuser is null");
    requireNonNull(data, "data is null");
    requireNonNull(listener, "listener is null");
    Connection session = connectAnywhere(socket, superuser);
    try {
      return new RecoveredCopy(socket, superuser, data, listener, session);
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** What a step does in one database. */
  @FunctionalInterface
  public interface Work {
    void run(Connection connection) throws SQLException;
  }

  /** Open all the time, in one of the databases: for what concerns the whole cluster. */
  public Connection session() {
    return session;
  }

  /** Its server's directory, which that writes. */
  public Path data() {
    return data;
  }

  /** Hears how far a step is that takes long. */
  public CopyListener listener() {
    return listener;
  }

  /** All that can be connected to, be it only by us. */
  public List<Database> databases() {
    return databases;
  }

  /** As production has them, their passwords included, which are in no file of the snapshot. */
  public List<Role> roles() {
    return roles;
  }

  /** Takes down what was found in the copy, and what became of it. */
  public void found(Finding.Kind kind, @Nullable String database, String name, String action) {
    findings.add(new Finding(kind, database, name, action));
  }

  /** All that steps have taken down. */
  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /**
   * Has a file removed when the server has stopped: one that belongs to nothing.
   *
   * @param path below the data directory
   */
  public void abandoned(String path) {
    abandoned.add(path);
  }

  List<String> abandoned() {
    return List.copyOf(abandoned);
  }

  /** Works in one database with a session of its own, auto-commit on. */
  public void inside(Database database, Work work) throws SQLException {
    if (!database.allowsConnections()) {
      allowConnections(database, true);
    }
    try (Connection inside = connect(socket, superuser, database.name())) {
      work.run(inside);
    }
    if (!database.allowsConnections()) {
      allowConnections(database, false);
    }
  }

  /** Works in one database after the other. */
  public void insideEach(Work work) throws SQLException {
    for (Database database : databases) {
      inside(database, work);
    }
  }

  private void allowConnections(Database database, boolean allow) throws SQLException {
    try (Statement statement = session.createStatement()) {
      statement.execute(
          "ALTER DATABASE %s ALLOW_CONNECTIONS %s"
              .formatted(SqlText.identifier(database.name()), allow));
    }
  }

  private static Connection connectAnywhere(Path socket, String superuser) throws SQLException {
    @Nullable SQLException first = null;
    for (String database : List.of("template1", "postgres")) {
      try {
        return connect(socket, superuser, database);
      } catch (SQLException e) {
        if (first == null) {
          first = e;
        }
      }
    }
    throw first;
  }

  private static Connection connect(Path socket, String superuser, String database)
      throws SQLException {
    Connection connection = Sql.connectBare(socket, database, superuser, ANSWER);
    try (Statement statement = connection.createStatement()) {
      for (String setting : PLAIN_SESSION) {
        statement.execute(setting);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void close() throws SQLException {
    session.close();
  }
}
