package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.Servers;
import dev.understudy.cloner.snapshot.SnapshotException.Kind;
import dev.understudy.cloner.source.CarriedLocales;
import dev.understudy.cloner.source.Completion;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.cloner.source.SourceCopy;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.tree.TreeSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts snapshots: copy production, let PostgreSQL recover the copy in the sandbox, prepare it,
 * stop, seal, publish. A snapshot exists from the last step on; whatever fails before, nothing is
 * left. Blocks for as long as it takes; ends soon when interrupted.
 */
public final class SnapshotCutter {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotCutter.class);

  private static final String MAKE_ROOM =
      "Enlarge the file system of the data directory, drop environments, or keep fewer snapshots.";

  private final SnapshotStore store;
  private final Pool pool;
  private final Servers servers;
  private final IntFunction<Optional<PostgresBinaries>> binaries;
  private final Function<String, Recipe> recipes;
  private final RoomMaker room;
  private final InstantSource clock;

  /**
   * @param binaries by major version
   * @param recipes by name of the source; asked once for each copy
   * @param room where there is none
   */
  public SnapshotCutter(
      SnapshotStore store,
      Pool pool,
      Servers servers,
      IntFunction<Optional<PostgresBinaries>> binaries,
      Function<String, Recipe> recipes,
      RoomMaker room,
      InstantSource clock) {
    this.store = requireNonNull(store, "store is null");
    this.pool = requireNonNull(pool, "pool is null");
    this.servers = requireNonNull(servers, "servers is null");
    this.binaries = requireNonNull(binaries, "binaries is null");
    this.recipes = requireNonNull(recipes, "recipes is null");
    this.room = requireNonNull(room, "room is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * Cuts a snapshot, and tells the listener how far the copy is. Where there is no room for it,
   * some is made, once.
   */
  public Snapshot cut(Mirror source, CopyListener listener)
      throws SnapshotException, InterruptedException {
    try {
      return attempt(source, listener);
    } catch (SnapshotException e) {
      OptionalLong wanted = e.wantedRoom();
      if (wanted.isEmpty() || !room.make(wanted.getAsLong())) {
        throw e;
      }
      return attempt(source, listener);
    }
  }

  private Snapshot attempt(Mirror source, CopyListener listener)
      throws SnapshotException, InterruptedException {
    Path directory = begin();
    boolean published = false;
    try {
      Snapshot snapshot = cutInto(directory, source, listener);
      published = true;
      return snapshot;
    } catch (SourceException e) {
      throw SnapshotException.of(e);
    } catch (SnapshotException e) {
      throw e.kind() != Kind.SPACE && pool.isExhausted() ? full(e) : e;
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while cutting a snapshot");
      }
      throw translate(e, directory);
    } finally {
      if (!published) {
        discard(directory);
      }
    }
  }

  private Snapshot cutInto(Path directory, Mirror source, CopyListener listener)
      throws SourceException, SnapshotException, IOException, InterruptedException {
    long began = System.nanoTime();
    Path data = directory.resolve("data");
    pool.create(data);
    SourceCopy copy = CarriedLocales.fitted(source.copyInto(data, listener));
    LOG.info(
        "source {}: copied {} files, {} MiB in {} ms; {}",
        source.name(),
        copy.files(),
        copy.bytes() >> 20,
        copy.elapsed().toMillis(),
        words(copy.completion()));
    int major = copy.version() / 10_000;
    PostgresBinaries programs =
        binaries
            .apply(major)
            .orElseThrow(() -> new IOException("PostgreSQL " + major + " is gone"));
    Recipe recipe = recipes.apply(source.name());
    SnapshotServer server =
        new SnapshotServer(
            servers,
            programs,
            directory,
            store.socketDirectory(directory),
            new Preparation(recipe.steps(), listener));
    Preparation.Prepared prepared = server.recoverAndPrepare(copy);
    StoppedData stopped = server.stopped(copy);
    stopped.trimWal();
    stopped.remove(prepared.abandoned());
    List<Finding> findings = new ArrayList<>(SourceFindings.of(copy, programs));
    findings.addAll(prepared.findings());
    findings.addAll(new StrayFiles(pool, data).remove());
    TreeSize size = TreeSize.measure(data);
    pool.seal(data);
    pool.delete(server.logFile());
    pool.delete(store.socketDirectory(directory));
    Instant createdAt = store.afterAll(source.name(), clock.instant());
    Snapshot snapshot =
        new Snapshot(
            requireNonNull(directory.getFileName(), "a directory has a name").toString(),
            directory,
            source.name(),
            copy.dataTime(),
            createdAt,
            copy.version(),
            copy.superuser(),
            size.bytes(),
            size.files(),
            prepared.databases(),
            prepared.roles(),
            copy.settings(),
            findings,
            copy.position(),
            recipe.mask(),
            prepared.replacementKey());
    store.publish(snapshot);
    for (String line : FindingLines.of(findings)) {
      LOG.info("source {}: {}", source.name(), line);
    }
    LOG.info(
        "source {}: snapshot {} of {}, {} files, {} MiB, made in {} ms",
        source.name(),
        snapshot.id(),
        snapshot.dataTime(),
        snapshot.files(),
        snapshot.sizeBytes() >> 20,
        (System.nanoTime() - began) / 1_000_000);
    logUsage(snapshot);
    return snapshot;
  }

  /** Nothing that a snapshot could fail by. */
  private void logUsage(Snapshot snapshot) {
    try {
      LOG.info("snapshot {}: {}", snapshot.id(), pool.usage(snapshot.data()));
    } catch (IOException e) {
      LOG.debug("snapshot {}: its size on disk is unknown", snapshot.id(), e);
    }
  }

  private static String words(Completion completion) {
    return switch (completion) {
      case Completion.Recovery recovery ->
          "recovering from %s to %s".formatted(recovery.start(), recovery.stop());
      case Completion.Nothing _ -> "no recovery is needed";
    };
  }

  private Path begin() throws SnapshotException {
    try {
      pool.requireRoom(0);
      return store.begin(clock.instant());
    } catch (PoolFullException e) {
      throw new SnapshotException(
          Kind.SPACE, "the pool is nearly full", e.getMessage() + ".", MAKE_ROOM, e);
    } catch (IOException e) {
      throw translate(e, Path.of("snapshots"));
    }
  }

  private static SnapshotException translate(IOException e, Path directory) {
    IOException failure = PoolFullException.orSame(e, directory);
    boolean full = failure instanceof PoolFullException;
    return new SnapshotException(
        full ? Kind.SPACE : Kind.STORAGE,
        full ? "the pool became full" : "the snapshot cannot be stored",
        String.valueOf(failure.getMessage()),
        full ? MAKE_ROOM : null,
        failure);
  }

  /** The copy's server may have ended because of that, without a word. */
  private static SnapshotException full(SnapshotException e) {
    String detail = e.detail();
    return new SnapshotException(
        Kind.SPACE,
        "the pool became full",
        detail == null ? e.getMessage() : e.getMessage() + "\n" + detail,
        MAKE_ROOM,
        e);
  }

  /** An interrupt must not keep the files here; it is kept for the caller. */
  private void discard(Path directory) {
    boolean interrupted = Thread.interrupted();
    try {
      store.discard(directory);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} of an unfinished snapshot is left until the next start", directory, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
