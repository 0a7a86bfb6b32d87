package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.postgres.ServerException;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.Lag;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.cloner.source.SourceCopy;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standby of our own that follows production for good. It is made of one base backup, by whoever
 * first wants a copy; its server runs on when the daemon ends, and the next one finds it again.
 */
public final class StandbySource implements Mirror {
  private static final Logger LOG = LoggerFactory.getLogger(StandbySource.class);

  private final String name;
  private final SourceType.Standby settings;
  private final Pool pool;
  private final ReplicaPlace place;
  private final Production production;
  private final CurrentReplica current;
  private final LagGauge gauge;
  private final Follower follower;
  private final AtomicBoolean ended = new AtomicBoolean();
  private boolean begun;

  private StandbySource(
      String name,
      SourceType.Standby settings,
      Pool pool,
      SandboxedServers servers,
      ReplicaPlace place,
      Production production,
      CurrentReplica current,
      Supplier<CopyListener> listeners) {
    this.name = name;
    this.settings = settings;
    this.pool = pool;
    this.place = place;
    this.production = production;
    this.current = current;
    this.gauge = new LagGauge(name);
    this.follower =
        new Follower(
            name,
            current,
            gauge,
            new SlotUpkeep(name, settings, production, place, servers.isolates()),
            settings.restoreCommand() != null,
            listeners);
  }

  /**
   * Finds what an earlier daemon has left and removes what is not whole; production is not asked
   * yet.
   *
   * @param dataDirectory the daemon's
   * @param binaries by major version
   * @param listeners of base backups that nobody waits for
   */
  public static StandbySource open(
      String name,
      SourceType.Standby settings,
      Path dataDirectory,
      Pool pool,
      SandboxedServers servers,
      IntFunction<Optional<PostgresBinaries>> binaries,
      Supplier<CopyListener> listeners)
      throws IOException, SourceException, InterruptedException {
    requireNonNull(name, "name is null");
    requireNonNull(settings, "settings is null");
    ReplicaPlace place = ReplicaPlace.of(dataDirectory, name);
    place.make();
    Production production = Production.of(name, settings.url());
    CurrentReplica current =
        new CurrentReplica(name, settings, production, place, pool, servers, binaries);
    current.sweep();
    return new StandbySource(name, settings, pool, servers, place, production, current, listeners);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe() {
    return "the standby of " + production.describe();
  }

  @Override
  public void begin() {
    begun = true;
    follower.start();
  }

  /** Empty while there is no standby yet. */
  @Override
  public Optional<Lag> lag() {
    return gauge.lag();
  }

  @Override
  public Optional<String> position() throws SourceException, InterruptedException {
    return told(() ->
        current.inTurn(replica -> {
          run(replica);
          Cut cut = new Cut(name, settings, production, pool, replica, place);
          return cut.position();
        }));
  }

  @Override
  public boolean isChangedSince(String position) throws SourceException, InterruptedException {
    return told(() ->
            current.inTurn(replica -> {
              run(replica);
              Cut cut = new Cut(name, settings, production, pool, replica, place);
              return cut.isChangedSince(position);
            }))
        .orElse(true);
  }

  @Override
  public SourceCopy copyInto(Path tree, CopyListener listener)
      throws SourceException, InterruptedException {
    current.ensure(listener);
    return told(() ->
            current.inTurn(replica -> {
              run(replica);
              return new Cut(name, settings, production, pool, replica, place).into(tree);
            }))
        .orElseThrow(() ->
            new SourceException(Kind.COPY, "the replica was removed", null, "Restart the daemon."));
  }

  private static void run(Replica replica)
      throws SourceException, IOException, InterruptedException {
    if (replica.isRunning()) {
      return;
    }
    try {
      replica.start();
    } catch (ServerException e) {
      throw ReplicaBuild.notStarted(
          e, "It is started again and again; where that does not help, another one is built.");
    }
  }

  private interface Telling<T> {
    T run() throws SourceException, SQLException, IOException, InterruptedException;
  }

  private static <T> T told(Telling<T> work) throws SourceException, InterruptedException {
    try {
      return work.run();
    } catch (SQLException e) {
      throw new SourceException(
          Kind.COPY, "the standby does not answer", e.getMessage(), "It is tried again.", e);
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw new InterruptedException("interrupted while copying the standby");
    } catch (IOException e) {
      throw Storage.explained(e);
    }
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        end(false);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void shutdown() throws InterruptedException {
    end(true);
  }

  /** Until it has returned once, it can be called again. */
  private void end(boolean stopping) throws InterruptedException {
    if (ended.get()) {
      return;
    }
    if (begun) {
      follower.close();
    }
    try {
      Optional<Boolean> _ =
          current.inTurn(replica -> {
            replica.leave();
            return !stopping || !replica.isRunning() || replica.stop();
          });
    } catch (SourceException | SQLException | IOException e) {
      LOG.warn("source {}: the standby could not be stopped: {}", name, e.toString());
    }
    ended.set(true);
  }
}
