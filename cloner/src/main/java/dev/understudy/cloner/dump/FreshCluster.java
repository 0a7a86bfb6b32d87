package dev.understudy.cloner.dump;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.Clusters;
import dev.understudy.cloner.postgres.NewCluster;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.ServerConfiguration;
import dev.understudy.cloner.postgres.ServerException;
import dev.understudy.cloner.postgres.ServerSpec;
import dev.understudy.cloner.postgres.Servers;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.source.InterruptibleSql;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster of our own while it is filled: its server runs in the sandbox, with nobody but us
 * connected. None of production's settings is in force there.
 */
final class FreshCluster implements AutoCloseable {
  private static final Duration MADE = Duration.ofMinutes(10);
  private static final Duration STOPPED = Duration.ofMinutes(30);

  /** VACUUM of a whole database is one answer. */
  private static final Duration ANSWER = Duration.ofHours(24);

  private final RunningServer server;
  private final String superuser;
  private boolean stopped;

  private FreshCluster(RunningServer server, String superuser) {
    this.server = server;
    this.superuser = superuser;
  }

  /** Works in one of its databases. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Where it is made, and with what. */
  record Place(
      Servers servers, Clusters clusters, PostgresBinaries binaries, Path data, Path sockets) {
    Place {
      requireNonNull(servers, "servers is null");
      requireNonNull(clusters, "clusters is null");
      requireNonNull(binaries, "binaries is null");
      requireNonNull(data, "data is null");
      requireNonNull(sockets, "sockets is null");
    }

    /** Beside the data; tells of names, but of no rows. */
    Path log() {
      return data.resolveSibling("restore.log");
    }
  }

  /**
   * Makes it as production's was made, and starts it.
   *
   * @param superuser name of the one that initdb makes
   */
  static FreshCluster make(Place place, SourceCluster source, String superuser)
      throws SourceException, IOException, InterruptedException {
    try {
      place
          .clusters()
          .initialise(
              new NewCluster(
                  place.binaries(),
                  place.data(),
                  place.sockets(),
                  place.log(),
                  options(source, superuser)),
              MADE);
      place.servers().configure(place.data(), new ServerConfiguration(false, Map.of()));
      RunningServer server =
          place
              .servers()
              .start(
                  new ServerSpec(
                      place.binaries(),
                      place.data(),
                      place.sockets(),
                      place.log(),
                      critical(source)),
                  identity -> {},
                  MADE);
      return new FreshCluster(server, superuser);
    } catch (ServerException e) {
      throw notMade(e);
    }
  }

  private static SourceException notMade(ServerException e) {
    String tail = e.logTail().strip();
    boolean locale = tail.contains("invalid locale") || tail.contains("could not open collator");
    return new SourceException(
        locale ? Kind.UNSUPPORTED : Kind.COPY,
        locale
            ? "a locale of production is not installed here"
            : "no cluster can be made for the dump of production",
        tail.isEmpty() ? e.getMessage() : e.getMessage() + "\n" + tail,
        locale ? LocaleHint.TEXT : null,
        e);
  }

  /** New databases of clones are as production's would be. */
  private static List<String> options(SourceCluster source, String superuser) {
    SourceDatabase model =
        source.databases().stream()
            .filter(database -> database.name().equals("template1"))
            .findFirst()
            .orElseGet(() -> source.databases().getFirst());
    List<String> options = new ArrayList<>();
    options.add("--username=" + superuser);
    options.add("--encoding=" + model.encoding());
    options.add("--locale=C");
    options.add("--lc-collate=" + model.collate());
    options.add("--lc-ctype=" + model.ctype());
    if (model.provider() == 'i') {
      options.add("--locale-provider=icu");
      options.add("--icu-locale=" + model.locale());
      if (model.icuRules() != null) {
        options.add("--icu-rules=" + model.icuRules());
      }
    } else if (model.provider() == 'b') {
      options.add("--locale-provider=builtin");
      options.add("--builtin-locale=" + model.locale());
    } else if (source.major() >= 15) {
      options.add("--locale-provider=libc");
    }
    if (source.checksums()) {
      options.add("--data-checksums");
    } else if (source.major() >= 18) {
      options.add("--no-data-checksums");
    }
    options.add("--wal-segsize=" + (source.walSegmentSize() >> 20));
    return options;
  }

  private static Map<String, String> critical(SourceCluster source) {
    Map<String, String> critical = new HashMap<>();
    critical.put("autovacuum", "off");
    critical.put("wal_level", "minimal");
    critical.put("max_wal_senders", "0");
    critical.put("shared_buffers", "128MB");
    critical.put("maintenance_work_mem", "256MB");
    // An error of a row's would be logged with the row.
    critical.put("log_min_messages", "fatal");
    critical.put("log_min_error_statement", "panic");
    critical.put("log_statement", "none");
    if (source.version() >= 170_000) {
      critical.put("event_triggers", "off");
    }
    return critical;
  }

  String superuser() {
    return superuser;
  }

  /** What PostgreSQL's programs need to know to get here. */
  Map<String, String> environment() {
    Path directory = requireNonNull(server.socket().getParent(), "a socket has a directory");
    return Map.of(
        "PGHOST",
        directory.toString(),
        "PGPORT",
        "5432",
        "PGUSER",
        superuser,
        "PGSSLMODE",
        "disable",
        "PGGSSENCMODE",
        "disable",
        "PGAPPNAME",
        "understudy");
  }

  /** Has a session of its own for the work; an interrupt ends it. */
  <T> T inside(String database, Work<T> work) throws SQLException, InterruptedException {
    try (Connection connection = Sql.connectBare(server.socket(), database, superuser, ANSWER)) {
      return InterruptibleSql.call(
          connection,
          () -> {
            // What was restored has no say in it, its event triggers included.
            Rows.execute(
                connection,
                "SET search_path = pg_catalog, pg_temp",
                "SET session_replication_role = replica");
            return work.run(connection);
          });
    }
  }

  /** Everything is in the data directory afterwards, and needs no recovery. */
  void stop() throws SourceException, InterruptedException {
    stopped = server.stop(STOPPED);
    if (!stopped) {
      throw new SourceException(
          Kind.COPY,
          "the server of the restored dump did not stop cleanly",
          null,
          "See that disk and memory here are sound; the dump is begun again.");
    }
  }

  /** Leaves no server, whatever happens. */
  @Override
  public void close() {
    if (stopped) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      server.kill();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
