package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.NewCluster;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.postgres.ServerConfiguration;
import dev.understudy.cloner.postgres.ServerException;
import dev.understudy.cloner.postgres.ServerSpec;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether ICU sorts texts here as on production, by the versions of its collations: known before
 * anything is copied. Only the PostgreSQL installed here can tell its own, so a cluster is made
 * that lives for a second. {@link CollationCheck} asks it again, of the copy.
 */
final class IcuCollations {
  private static final Duration MADE = Duration.ofMinutes(2);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final String SUPERUSER = "understudy";

  /** The second, an internal error, is what ICU's own refusal is. */
  private static final Set<String> UNKNOWN_LOCALE = Set.of("22023", "XX000");

  private static final Logger LOG = LoggerFactory.getLogger(IcuCollations.class);

  private final SandboxedServers servers;
  private final Pool pool;
  private final PostgresBinaries binaries;
  private final Path directory;
  private final Path sockets;

  /**
   * @param directory of the cluster, which does not exist; where this fails, the caller removes it
   *     with all that runs on it
   * @param sockets directory of its server's, removed by the caller
   */
  IcuCollations(
      SandboxedServers servers,
      Pool pool,
      PostgresBinaries binaries,
      Path directory,
      Path sockets) {
    this.servers = requireNonNull(servers, "servers is null");
    this.pool = requireNonNull(pool, "pool is null");
    this.binaries = requireNonNull(binaries, "binaries is null");
    this.directory = requireNonNull(directory, "directory is null");
    this.sockets = requireNonNull(sockets, "sockets is null");
  }

  /** Where it cannot be told, nothing is refused. */
  void require(Production production, Connection connection)
      throws SQLException, SourceException, IOException, InterruptedException {
    List<RecordedCollation> recorded =
        RecordedCollation.of(RecordedCollation.Provider.ICU, production, connection);
    if (recorded.isEmpty()) {
      return;
    }
    Map<String, String> here;
    try {
      here = here(recorded.stream().map(RecordedCollation::locale).distinct().toList());
    } catch (ServerException | SQLException e) {
      LOG.warn("it cannot be told before the copy how ICU sorts texts here: {}", e.getMessage());
      pool.delete(directory);
      return;
    }
    pool.delete(directory);
    List<String> differing = new ArrayList<>();
    for (RecordedCollation collation : recorded) {
      if (!collation.version().equals(here.get(collation.locale()))) {
        differing.add(collation.describe());
      }
    }
    if (!differing.isEmpty()) {
      throw CollationCheck.refusal(differing, "ICU");
    }
  }

  /** By locale; without those that ICU does not take here. */
  Map<String, String> here(List<String> locales)
      throws ServerException, SQLException, IOException, InterruptedException {
    Path data = Files.createDirectories(directory.resolve("data"));
    Path log = directory.resolve("server.log");
    servers.initialise(
        new NewCluster(
            binaries,
            data,
            sockets,
            log,
            List.of("--username=" + SUPERUSER, "--encoding=UTF8", "--locale=C")),
        MADE);
    servers.configure(data, new ServerConfiguration(false, Map.of()));
    RunningServer server =
        servers.start(
            new ServerSpec(binaries, data, sockets, log, Map.of("autovacuum", "off")),
            identity -> {},
            MADE);
    try (Connection connection = Sql.connect(server.socket(), "postgres", SUPERUSER, ANSWER)) {
      Map<String, String> versions = new HashMap<>();
      for (String locale : locales) {
        version(connection, locale, versions);
      }
      return versions;
    } finally {
      server.kill();
    }
  }

  private static void version(Connection connection, String locale, Map<String, String> versions)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE COLLATION public.asked (provider = icu, locale = '%s')"
              .formatted(locale.replace("'", "''")));
    } catch (SQLException e) {
      if (UNKNOWN_LOCALE.contains(String.valueOf(e.getSQLState()))) {
        return;
      }
      throw e;
    }
    versions.put(
        locale,
        Rows.text(connection, "SELECT collversion FROM pg_collation WHERE collname = 'asked'"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP COLLATION public.asked");
    }
  }
}
