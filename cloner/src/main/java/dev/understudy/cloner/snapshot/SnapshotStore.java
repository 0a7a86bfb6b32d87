package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.Servers;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots below {@code snapshots/} of the data directory, each in a directory named by its
 * id. A directory with a {@code snapshot.json} is one; any other is half made or half removed, and
 * goes at the next start. One whose {@code snapshot.json} cannot be read serves nobody and is left
 * alone. Thread-safe.
 */
public final class SnapshotStore implements Snapshots {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
  private static final String ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_RANDOM = 5;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path snapshots;
  private final Path run;
  private final Pool pool;
  private final Servers servers;
  private final Function<String, @Nullable String> masks;
  private final Map<String, Snapshot> published = new ConcurrentHashMap<>();

  /** Holds by id; guarded by itself, also while one is looked up to be held or removed. */
  private final Map<String, Integer> holds = new HashMap<>();

  private SnapshotStore(
      Path dataDirectory, Pool pool, Servers servers, Function<String, @Nullable String> masks) {
    this.snapshots = dataDirectory.resolve("snapshots");
    this.run = dataDirectory.resolve("run");
    this.pool = requireNonNull(pool, "pool is null");
    this.servers = requireNonNull(servers, "servers is null");
    this.masks = requireNonNull(masks, "masks is null");
  }

  /** As the other one, where no source is masked. */
  public static SnapshotStore open(Path dataDirectory, Pool pool, Servers servers)
      throws IOException {
    return open(dataDirectory, pool, servers, source -> null);
  }

  /**
   * Finds what is there and removes what is not whole, with the servers that still run on it. A
   * published snapshot that cannot be read is logged, and costs nobody else anything.
   *
   * @param masks by source, the digest of the rules that it is masked by now: snapshots with
   *     another one serve nobody; null: it is not masked
   */
  public static SnapshotStore open(
      Path dataDirectory, Pool pool, Servers servers, Function<String, @Nullable String> masks)
      throws IOException {
    SnapshotStore store = new SnapshotStore(dataDirectory, pool, servers, masks);
    makePrivate(store.snapshots);
    makePrivate(store.run);
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(store.snapshots)) {
      for (Path directory : directories) {
        store.load(directory);
      }
    }
    return store;
  }

  private void load(Path directory) {
    var file = SnapshotRecord.file(directory);
    if (file.exists()) {
      Snapshot snapshot;
      try {
        snapshot = file.read().at(directory);
      } catch (IOException e) {
        LOG.error(
            "{}. This snapshot serves nobody, and nothing is done to it: mend the file and restart"
                + " the daemon, or remove {} while none runs",
            e.getMessage(),
            directory);
        return;
      }
      published.put(snapshot.id(), snapshot);
      if (!isWanted(snapshot.source(), snapshot.mask())) {
        LOG.warn(
            "source {}: snapshot {} of {} {}; it serves nobody, and goes when there is"
                + " another one",
            snapshot.source(),
            snapshot.id(),
            snapshot.dataTime(),
            complaint(snapshot));
      }
    } else {
      LOG.info("removing {}: the snapshot in it was never finished", directory);
      try {
        discard(directory);
      } catch (IOException | RuntimeException e) {
        LOG.warn("{} is left until the next start", directory, e);
      }
    }
  }

  private static String complaint(Snapshot snapshot) {
    if (snapshot.mask() == null) {
      return "was not masked";
    }
    return snapshot.mask().equals(SnapshotRecord.NOT_NEUTRALISED)
        ? "is of an earlier version, which did not neutralise it"
        : "was masked by other rules";
  }

  /** Newest first; also those that serve nobody. */
  public List<Snapshot> all() {
    return published.values().stream()
        .sorted(Comparator.comparing(Snapshot::createdAt).reversed())
        .toList();
  }

  @Override
  public Optional<Snapshot> find(String source, String id) {
    return Optional.ofNullable(published.get(id))
        .filter(snapshot -> snapshot.source().equals(source));
  }

  @Override
  public Optional<Snapshot> newest(String source) {
    return of(source).stream().findFirst();
  }

  @Override
  public boolean isWanted(String source, @Nullable String mask) {
    return Objects.equals(mask, masks.apply(source));
  }

  @Override
  public Optional<HeldSnapshot> hold(String source) {
    synchronized (holds) {
      return newest(source).map(this::held);
    }
  }

  @Override
  public Optional<HeldSnapshot> hold(String source, String id) {
    synchronized (holds) {
      return of(source).stream()
          .filter(snapshot -> snapshot.id().equals(id))
          .findFirst()
          .map(this::held);
    }
  }

  private HeldSnapshot held(Snapshot snapshot) {
    holds.merge(snapshot.id(), 1, Integer::sum);
    return new HeldSnapshot(snapshot, () -> release(snapshot));
  }

  private void release(Snapshot snapshot) {
    synchronized (holds) {
      holds.computeIfPresent(snapshot.id(), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  @Override
  public List<Snapshot> of(String source) {
    return all().stream()
        .filter(snapshot -> snapshot.source().equals(source))
        .filter(snapshot -> isWanted(source, snapshot.mask()))
        .toList();
  }

  /** Those of a source that were masked in another way, once there are some that may serve. */
  private List<Snapshot> unwanted(String source) {
    return of(source).isEmpty()
        ? List.of()
        : all().stream()
            .filter(snapshot -> snapshot.source().equals(source))
            .filter(snapshot -> !isWanted(source, snapshot.mask()))
            .toList();
  }

  /**
   * Removes all but the newest snapshots of a source, and those that serve nobody; those that are
   * held stay for the next time.
   *
   * @return those that were removed; one that cannot be is left to the next start, and costs no
   *     other anything
   */
  List<Snapshot> prune(String source, int keep) {
    List<Snapshot> old;
    synchronized (holds) {
      old =
          Stream.concat(of(source).stream().skip(keep), unwanted(source).stream())
              .filter(snapshot -> !holds.containsKey(snapshot.id()))
              .toList();
      old.forEach(snapshot -> published.remove(snapshot.id()));
    }
    List<Snapshot> removed = new ArrayList<>();
    for (Snapshot snapshot : old) {
      try {
        discard(snapshot.directory());
        removed.add(snapshot);
      } catch (IOException | RuntimeException e) {
        LOG.warn(
            "source {}: an old snapshot could not be removed, {} is left until the next start",
            source,
            snapshot.directory(),
            e);
      }
    }
    return removed;
  }

  /** Removes a snapshot; it is gone for everybody before its files go. */
  public void delete(Snapshot snapshot) throws IOException {
    published.remove(snapshot.id());
    discard(snapshot.directory());
  }

  /** Now, or where the clock was set back, a moment after the newest: a later one is newer. */
  Instant afterAll(String source, Instant now) {
    return all().stream()
        .filter(snapshot -> snapshot.source().equals(source))
        .map(snapshot -> snapshot.createdAt().plusMillis(1))
        .filter(next -> next.isAfter(now))
        .findFirst()
        .orElse(now);
  }

  /** A new directory for a snapshot that is being made, named by its id. */
  Path begin(Instant now) throws IOException {
    StringBuilder id = new StringBuilder("s").append(Long.toString(now.getEpochSecond(), 36));
    for (int i = 0; i < ID_RANDOM; i++) {
      id.append(ID_CHARACTERS.charAt(RANDOM.nextInt(ID_CHARACTERS.length())));
    }
    Path directory = snapshots.resolve(id.toString());
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return directory;
  }

  /** Where the server of a snapshot that is being made has its socket. */
  Path socketDirectory(Path directory) {
    return run.resolve(requireNonNull(directory.getFileName(), "a directory has a name"));
  }

  /** From here on it is a snapshot. */
  void publish(Snapshot snapshot) throws IOException {
    SnapshotRecord.file(snapshot.directory()).write(SnapshotRecord.of(snapshot));
    published.put(snapshot.id(), snapshot);
  }

  /**
   * Removes whatever is in the directory, and whatever runs on it. From the first step on it is no
   * snapshot any more, however far this gets.
   */
  void discard(Path directory) throws IOException {
    SnapshotRecord.file(directory).delete();
    servers.killAllBelow(directory);
    pool.delete(directory.resolve("data"));
    pool.delete(directory);
    pool.delete(socketDirectory(directory));
  }

  private static void makePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }
}
