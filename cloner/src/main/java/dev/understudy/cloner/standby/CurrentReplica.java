package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.FileTrouble;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.sandbox.Reach;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replica of a source, if there is one by now: found again, built, replaced. What is done with
 * it is done in turn; building another one beside it needs no turn but the last moment's.
 * Thread-safe.
 */
final class CurrentReplica {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentReplica.class);

  private final String name;
  private final SourceType.Standby settings;
  private final Production production;
  private final ReplicaPlace place;
  private final Pool pool;
  private final SandboxedServers servers;
  private final IntFunction<Optional<PostgresBinaries>> binaries;
  private final ReplicaBuild build;

  private final ReentrantLock building = new ReentrantLock();
  private final ReentrantLock turn = new ReentrantLock();

  /** Written in turn. */
  private volatile @Nullable Replica replica;

  private volatile CopyListener listener = CopyListener.silent();

  /** What is done with a replica. */
  @FunctionalInterface
  interface Work<T> {
    T run(Replica replica) throws SourceException, SQLException, IOException, InterruptedException;
  }

  CurrentReplica(
      String name,
      SourceType.Standby settings,
      Production production,
      ReplicaPlace place,
      Pool pool,
      SandboxedServers servers,
      IntFunction<Optional<PostgresBinaries>> binaries) {
    this.name = requireNonNull(name, "name is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.production = requireNonNull(production, "production is null");
    this.place = requireNonNull(place, "place is null");
    this.pool = requireNonNull(pool, "pool is null");
    this.servers = requireNonNull(servers, "servers is null");
    this.binaries = requireNonNull(binaries, "binaries is null");
    this.build = new ReplicaBuild(name, settings, production, place, pool, servers, binaries);
  }

  /** Removes whatever an earlier daemon has begun and not finished. */
  void sweep() throws IOException {
    String kept = place.record().exists() ? place.record().read().generation() : "";
    for (String generation : place.generations()) {
      if (!generation.equals(kept)) {
        LOG.info("source {}: removing a replica that was never finished", name);
        place.discard(generation, pool, servers);
      }
    }
  }

  /** True if there is one, be it one that was not looked at yet. */
  boolean exists() {
    return replica != null || place.record().exists();
  }

  /** Works with it in turn. Its server may not run. Empty where there is none. */
  <T> Optional<T> inTurn(Work<T> work)
      throws SourceException, SQLException, IOException, InterruptedException {
    turn.lockInterruptibly();
    try {
      Replica found = find();
      return found == null ? Optional.empty() : Optional.of(work.run(found));
    } finally {
      turn.unlock();
    }
  }

  /** That of the record, with the server that an earlier daemon may have left. */
  private @Nullable Replica find() throws SourceException, IOException, InterruptedException {
    Replica known = replica;
    if (known != null || !place.record().exists()) {
      return known;
    }
    ReplicaRecord record = place.record().read();
    PostgresBinaries programs =
        binaries
            .apply(record.facts().major())
            .orElseThrow(() ->
                new SourceException(
                    Kind.BINARIES,
                    "PostgreSQL %d is not installed here any more"
                        .formatted(record.facts().major()),
                    null,
                    "Install it, or name its directory in the setting postgresql.binaries."));
    place.secrets().write(production.url(), servers);
    Reach reach = Reaches.of(production, place.secrets());
    String slot = new Slot(place.slot()).current().map(SlotRecord::name).orElse("");
    FollowSettings following =
        FollowSettings.of(
            settings,
            slot.equals(settings.slot()) ? slot : null,
            production.url(),
            production.user(),
            servers.shown(reach));
    Replica found = Replica.unpublished(place, servers, programs, following, reach, record);
    found.publish();
    found.adopt();
    replica = found;
    return found;
  }

  /** Makes what is in turn be looked at anew, with settings that have changed meanwhile. */
  void forget() throws SourceException, SQLException, IOException, InterruptedException {
    Optional<Boolean> _ =
        inTurn(found -> {
          found.leave();
          replica = null;
          return true;
        });
  }

  /** Returns when there is one: builds it, or waits for who does. */
  void ensure(CopyListener heard) throws SourceException, InterruptedException {
    if (exists()) {
      return;
    }
    listener = heard;
    building.lockInterruptibly();
    try {
      if (!exists()) {
        replace(build.build(null, this::tell));
      }
    } finally {
      building.unlock();
    }
  }

  /** Builds one beside that which there is, and puts it in its place. */
  void rebuild(CopyListener heard) throws SourceException, InterruptedException {
    listener = heard;
    building.lockInterruptibly();
    try {
      Long known = place.record().exists() ? place.record().read().systemIdentifier() : null;
      replace(build.build(known, this::tell));
    } catch (IOException e) {
      throw new SourceException(
          Kind.COPY, "the replica's record cannot be read", e.getMessage(), FileTrouble.hint(e), e);
    } finally {
      building.unlock();
    }
  }

  private void tell(long files, long bytes, long total) {
    listener.copied(files, bytes, total);
  }

  private void publish(Replica fresh) throws IOException {
    boolean published = false;
    try {
      fresh.publish();
      published = true;
    } finally {
      if (!published) {
        fresh.leave();
        place.discard(fresh.record().generation(), pool, servers);
      }
    }
  }

  private void replace(Replica fresh) throws SourceException, InterruptedException {
    turn.lock();
    try {
      Replica old = replica;
      publish(fresh);
      replica = fresh;
      if (old != null) {
        old.leave();
      }
      sweep();
    } catch (IOException e) {
      throw new SourceException(
          Kind.COPY, "a new replica could not be recorded", e.getMessage(), FileTrouble.hint(e), e);
    } finally {
      turn.unlock();
    }
  }
}
