package dev.understudy.cloner.standby;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.postgres.ServerException;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.Completion;
import dev.understudy.cloner.source.Lsn;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.cloner.source.SourceCopy;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.source.WritePosition;
import dev.understudy.cloner.tree.TreeSize;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a replica: lets it catch up with production, stops its server cleanly, copies the tree,
 * and starts it again. All of it costs production nothing, and the replica some lag.
 *
 * <p>The copy is {@code shut down in recovery}; archive recovery takes it from its last restart
 * point to where it is consistent, and to a timeline of its own.
 */
final class Cut {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration RESTART_POINT = Duration.ofMinutes(30);

  /** What is ours, and no database. */
  private static final String SIGNAL = "standby.signal";

  private static final Logger LOG = LoggerFactory.getLogger(Cut.class);

  private final String name;
  private final SourceType.Standby settings;
  private final Production production;
  private final Pool pool;
  private final Replica replica;
  private final ReplicaPlace place;

  Cut(
      String name,
      SourceType.Standby settings,
      Production production,
      Pool pool,
      Replica replica,
      ReplicaPlace place) {
    this.name = name;
    this.settings = settings;
    this.production = production;
    this.pool = pool;
    this.replica = replica;
    this.place = place;
  }

  /** The tree is there when this returns, and not before; the replica may be stopped. */
  SourceCopy into(Path tree)
      throws SourceException, SQLException, IOException, InterruptedException {
    long began = System.nanoTime();
    SourceException behind = catchUp();
    if (settings.collations() == SourceType.Collations.REFUSE) {
      CollationCheck.require(replica);
    }
    String position = position(replica);
    Connection session = replica.session();
    Talk.call(
        session,
        () -> {
          restartPoint(session);
          return true;
        });
    ReplicaRecord record = committed(replica);
    replica.know(record);
    String superuser = Rows.text(session, Superuser.NAME);
    if (behind != null) {
      LOG.warn(
          "source {}: {}; the snapshot shows production as of {}",
          name,
          behind.getMessage(),
          record.dataTime());
    }
    if (!replica.stop()) {
      throw new SourceException(
          Kind.COPY, "the standby's server did not stop cleanly", null, "It is started again.");
    }
    PgControl control = replica.control();
    if (control.state() != PgControl.State.SHUT_DOWN_IN_RECOVERY) {
      throw new SourceException(
          Kind.COPY,
          "the standby is no standby any more",
          "global/pg_control says %s.".formatted(control.state()),
          "Stop the daemon, remove %s, and start it again.".formatted(place.directory()));
    }
    try {
      pool.delete(tree);
      pool.copy(replica.data(), tree);
    } finally {
      restart();
    }
    Files.deleteIfExists(tree.resolve(SIGNAL));
    Tablespaces.requireNoLinks(tree);
    TreeSize size = TreeSize.measure(tree);
    return new SourceCopy(
        control.systemIdentifier(),
        record.facts().version(),
        superuser,
        new Completion.Recovery(
            Math.max(control.timeline(), control.minRecoveryPointTimeline()),
            new Lsn(control.redo()),
            new Lsn(control.minRecoveryPoint())),
        record.dataTime(),
        settingsFor(control, record.facts().settings()),
        record.facts().leftBehind(),
        position,
        size.files(),
        size.bytes(),
        Duration.ofNanos(System.nanoTime() - began));
  }

  /** How far production has written, as far as that is here. */
  String position() throws SourceException, SQLException, IOException, InterruptedException {
    var _ = catchUp();
    return position(replica);
  }

  /** As {@link Mirror#isChangedSince}. */
  boolean isChangedSince(String position)
      throws SourceException, SQLException, IOException, InterruptedException {
    SourceException behind = catchUp();
    if (!position(replica).equals(position)) {
      return true;
    }
    if (behind != null) {
      throw behind;
    }
    return false;
  }

  /**
   * Null, or why the replica may lack something that production had committed before; of the kind
   * {@code CONNECTION}.
   */
  private @Nullable SourceException catchUp()
      throws SourceException, SQLException, IOException, InterruptedException {
    Lsn end;
    try (Connection connection = production.connect(ANSWER)) {
      end = Talk.call(connection, () -> ask(connection));
    } catch (SQLException e) {
      return new SourceException(
          Kind.CONNECTION,
          "production does not answer",
          String.valueOf(e.getMessage()),
          "See whether production runs, and what its log says.",
          e);
    } catch (SourceException e) {
      if (e.kind() != Kind.CONNECTION) {
        throw e;
      }
      return e;
    }
    return CatchUp.await(replica, end, PATIENCE)
        ? null
        : new SourceException(
            Kind.CONNECTION,
            "what production has written does not come to the standby",
            "Production has written up to %s, and nothing more is replayed here.".formatted(end),
            "See the standby's log, and whether somebody has paused its replay.");
  }

  private Lsn ask(Connection connection) throws SQLException, SourceException, IOException {
    long identifier = ReplicaBuild.systemIdentifier(connection);
    ReplicaRecord record = replica.record();
    if (identifier != record.systemIdentifier()) {
      throw ReplicaBuild.otherCluster(production, record.systemIdentifier(), identifier, place);
    }
    // Before its server is stopped for the copy: commits would wait for it.
    Prerequisites.requireNoPartInCommits(connection);
    replica.know(record.at(record.dataTime(), ProductionFacts.read(connection)));
    return CatchUp.end(connection);
  }

  /** The newest commit is remembered here, as a server does not when it is started anew. */
  private static String position(Replica replica) throws SQLException {
    return WritePosition.transactions(replica.session()) + " " + committed(replica).dataTime();
  }

  /** With the time of the newest commit. */
  private static ReplicaRecord committed(Replica replica) throws SQLException {
    Instant last = replica.status().lastCommit();
    ReplicaRecord record = replica.record();
    return last == null ? record : record.at(last, record.facts());
  }

  private static void restartPoint(Connection session) throws SQLException {
    int before = session.getNetworkTimeout();
    session.setNetworkTimeout(Runnable::run, (int) RESTART_POINT.toMillis());
    try (Statement statement = session.createStatement()) {
      statement.execute("CHECKPOINT");
    }
    session.setNetworkTimeout(Runnable::run, before);
  }

  /** Where it fails, whoever looks after the replica tries again. */
  private void restart() throws IOException, InterruptedException {
    try {
      replica.start();
    } catch (ServerException e) {
      LOG.warn("source {}: the standby does not start after it was copied: {}", name, e.toString());
    }
  }

  /** A copy may still be of a time when production had more of something. */
  private static Map<String, String> settingsFor(PgControl control, Map<String, String> carried) {
    Map<String, String> all = new HashMap<>(carried);
    FollowSettings.sizes(control)
        .forEach((setting, least) -> {
          String now = carried.get(setting);
          if (now == null
              || !now.matches("[0-9]{1,9}")
              || Long.parseLong(now) < Long.parseLong(least)) {
            all.put(setting, least);
          }
        });
    return all;
  }
}
