package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.postgres.ServerException;
import dev.understudy.cloner.postgres.ServerSpec;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.sandbox.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One copy of production with a standby's server on it, which runs on when the daemon ends. Used by
 * one thread at a time.
 */
final class Replica {
  /** It replays what it has before it accepts. */
  private static final Duration START = Duration.ofMinutes(60);

  private static final Duration STOP = Duration.ofMinutes(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  private final ReplicaPlace place;
  private final SandboxedServers servers;
  private final PostgresBinaries binaries;
  private final FollowSettings settings;
  private final Reach reach;
  private final LogWatch log;
  private ReplicaRecord record;
  private boolean published;
  private @Nullable RunningServer server;
  private @Nullable Connection session;

  private Replica(
      ReplicaPlace place,
      SandboxedServers servers,
      PostgresBinaries binaries,
      FollowSettings settings,
      Reach reach,
      ReplicaRecord record)
      throws IOException {
    this.place = place;
    this.servers = servers;
    this.binaries = binaries;
    this.settings = settings;
    this.reach = reach;
    this.record = record;
    this.log = LogWatch.fromNow(place.log(record.generation()));
  }

  /** A copy whose record is not written before it is published. */
  static Replica unpublished(
      ReplicaPlace place,
      SandboxedServers servers,
      PostgresBinaries binaries,
      FollowSettings settings,
      Reach reach,
      ReplicaRecord record)
      throws IOException {
    return new Replica(place, servers, binaries, settings, reach, record);
  }

  /** From here on it is the replica of its source, whatever happens to the daemon. */
  void publish() throws IOException {
    published = true;
    change(record);
  }

  private void change(ReplicaRecord changed) throws IOException {
    record = changed;
    if (published) {
      place.record().write(changed);
    }
  }

  ReplicaRecord record() {
    return record;
  }

  Path data() {
    return place.data(record.generation());
  }

  PostgresBinaries binaries() {
    return binaries;
  }

  /** What its server says. */
  LogWatch log() {
    return log;
  }

  PgControl control() throws IOException {
    return PgControl.read(data());
  }

  boolean isRunning() {
    return server != null && server.isRunning();
  }

  /** Takes over the server that an earlier daemon left, if it is that one and follows the same. */
  void adopt() throws IOException, InterruptedException {
    ProcessIdentity identity = record.server();
    if (identity != null) {
      Optional<RunningServer> running = found(identity);
      if (running.isPresent()) {
        server = running.get();
        if (followsAsSet()) {
          LOG.debug("{}: its server was taken over", this);
          return;
        }
        LOG.info("{}: settings have changed, and its server is started anew", this);
        stop();
      }
    }
    servers.killAllBelow(place.generation(record.generation()));
  }

  private Optional<RunningServer> found(ProcessIdentity identity) {
    try {
      return servers.adopt(identity, spec(Map.of()));
    } catch (UncheckedIOException e) {
      LOG.warn("{}: its server cannot be taken over: {}", this, e.toString());
      return Optional.empty();
    }
  }

  private boolean followsAsSet() {
    try {
      Connection connection = session();
      for (Map.Entry<String, String> setting : settings.following().entrySet()) {
        String now = Rows.text(connection, "SHOW " + setting.getKey());
        if (!now.equals(setting.getValue())) {
          return false;
        }
      }
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Starts its server; no process is left if that fails. */
  void start() throws IOException, ServerException, InterruptedException {
    endSession(); // of a server that has ended by itself
    PgControl control = control();
    ServerSpec spec = spec(settings.critical(control, binaries.major()));
    Consumer<ProcessIdentity> recorded =
        identity -> {
          try {
            change(record.running(identity));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    try {
      server = servers.start(spec, recorded, START);
    } catch (UncheckedIOException e) {
      throw requireNonNull(e.getCause(), "UncheckedIOException without cause");
    }
  }

  /** True if it was stopped cleanly. When this returns, no server runs. */
  boolean stop() throws IOException, InterruptedException {
    endSession();
    RunningServer running = server;
    boolean clean = running != null && running.stop(STOP);
    server = null;
    if (!clean) {
      servers.killAllBelow(place.generation(record.generation()));
    }
    change(record.running(null));
    return clean;
  }

  /** Ends the daemon's own session; the server runs on. */
  void leave() {
    endSession();
  }

  /** Production as it was when that could be asked last. */
  void know(ReplicaRecord later) throws IOException {
    change(later);
  }

  ReplicaStatus status() throws SQLException {
    try {
      return ReplicaStatus.read(session());
    } catch (SQLException e) {
      endSession();
      throw e;
    }
  }

  /** A session of the superuser's, kept open. */
  Connection session() throws SQLException {
    Connection open = session;
    if (open == null || open.isClosed()) {
      open = connectAnywhere();
      session = open;
    }
    return open;
  }

  private Connection connectAnywhere() throws SQLException {
    try {
      return connect("template1");
    } catch (SQLException e) {
      return connect("postgres");
    }
  }

  /** Another one, to be closed by the caller. */
  Connection connect(String database) throws SQLException {
    RunningServer running = server;
    if (running == null) {
      throw new SQLException("the standby's server does not run");
    }
    Connection connection = connect(running.socket(), database);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = pg_catalog, pg_temp");
      statement.execute("SET statement_timeout = 0");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private Connection connect(Path socket, String database) throws SQLException {
    try {
      return Sql.connectBare(socket, database, record.superuser(), ANSWER);
    } catch (SQLException e) {
      if (!Superuser.isAnother(e)) {
        throw e;
      }
      String now = superuserNow(socket, database, e);
      return Sql.connectBare(socket, database, now, ANSWER);
    }
  }

  private String superuserNow(Path socket, String database, SQLException refusal)
      throws SQLException {
    try {
      String now = Superuser.ask(socket, database, settings.role());
      LOG.info("{}: production's superuser is {} now, not {}", this, now, record.superuser());
      change(record.ledBy(now));
      return now;
    } catch (SQLException e) {
      e.addSuppressed(refusal);
      throw e;
    } catch (IOException e) {
      throw new SQLException("the name of its superuser cannot be recorded", e);
    }
  }

  private void endSession() {
    try {
      if (session != null) {
        session.close();
      }
    } catch (SQLException e) {
      // The socket is closed all the same.
    }
    session = null;
  }

  private ServerSpec spec(Map<String, String> critical) {
    return new ServerSpec(
        binaries,
        data(),
        place.socketDirectory(record.generation()),
        place.log(record.generation()),
        critical,
        settings.concealed(),
        reach);
  }

  @Override
  public String toString() {
    return "standby " + place.directory().getFileName() + "/" + record.generation();
  }
}
