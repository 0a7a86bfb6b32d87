package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.ServerSpec;
import dev.understudy.cloner.state.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A writable copy of a snapshot, with a server of its own. Anyone may look; only the one owner, an
 * environment, lets it be changed, one step after the other.
 */
public final class Clone {
  private final Path directory;
  private final Path socketDirectory;
  private final JsonFile<CloneRecord> file;
  private volatile CloneRecord record;
  private final AtomicLong changes = new AtomicLong();
  private final JsonFile<RolesRecord> rolesFile;
  private final ReadWriteLock asking = new ReentrantReadWriteLock();
  private volatile @Nullable CloneRoles roles;

  /** Those that the file holds. */
  private volatile @Nullable CloneRoles recordedRoles;

  private volatile @Nullable RunningServer server;

  Clone(Path directory, Path socketDirectory, CloneRecord record) {
    this.directory = requireNonNull(directory, "directory is null");
    this.socketDirectory = requireNonNull(socketDirectory, "socketDirectory is null");
    this.file = new JsonFile<>(directory.resolve(CloneStore.FILE), CloneRecord.class);
    this.rolesFile = new JsonFile<>(directory.resolve(CloneStore.ROLES), RolesRecord.class);
    this.record = requireNonNull(record, "record is null");
  }

  public String id() {
    return record.id();
  }

  public Origin origin() {
    return record.origin();
  }

  public Instant createdAt() {
    return record.createdAt();
  }

  public CloneState state() {
    return record.state();
  }

  public boolean isDurable() {
    return record.durable();
  }

  /** It outlives a crash of the host, or soon will: what tells of it must as well. */
  public boolean outlivesCrash() {
    return record.outlivesCrash() || isStopped();
  }

  /** It sleeps, or is in the trash, and what it wrote is not known to be on disk yet. */
  public boolean isUnsettled() {
    return isStopped() && !record.isOnDisk();
  }

  /** It was stopped, and a crash of the host costs nothing of it. */
  public boolean isAsleepOnDisk() {
    return isStopped() && record.isOnDisk();
  }

  private boolean isStopped() {
    return switch (record.state()) {
      case SUSPENDED, TRASHED -> true;
      case CREATING, RUNNING, FAILED, REMOVING -> false;
    };
  }

  /** Where its server listens when it runs. */
  public Path socket() {
    return socketDirectory.resolve(".s.PGSQL.5432");
  }

  /** The server, if it runs. It may end at any moment. */
  public Optional<RunningServer> server() {
    RunningServer known = server;
    return known != null && known.isRunning() ? Optional.of(known) : Optional.empty();
  }

  /**
   * Its roles, as far as they are known: what the server said last, be it in an earlier daemon.
   * Empty if it was never asked, and then they are its snapshot's. Cheap.
   */
  public Optional<CloneRoles> roles() {
    return Optional.ofNullable(roles);
  }

  /**
   * They are these from now on, in memory.
   *
   * @return false if that is nothing new to what is written down
   */
  public boolean know(CloneRoles found) {
    roles = found;
    CloneRoles recorded = recordedRoles;
    return recorded == null || !recorded.areAs(found);
  }

  /**
   * Writes down the roles that are known. By the owner; blocks. As much of it outlives a crash as
   * of the clone.
   */
  public void recordRoles() throws IOException {
    CloneRoles known = roles;
    if (known == null) {
      return;
    }
    if (record.outlivesCrash()) {
      rolesFile.write(known.record());
    } else {
      rolesFile.writeUnsynced(known.record());
    }
    recordedRoles = known;
  }

  /** Takes up what an earlier daemon wrote down. */
  void recallRoles() throws IOException {
    if (rolesFile.exists()) {
      CloneRoles read = new CloneRoles(id(), origin().source(), rolesFile.read().roles());
      roles = read;
      recordedRoles = read;
    }
  }

  /**
   * For the daemon's own sessions with the server: those that ask what it does for others share it,
   * who would be taken for somebody by them has it alone.
   */
  public ReadWriteLock asking() {
    return asking;
  }

  CloneRecord record() {
    return record;
  }

  Path directory() {
    return directory;
  }

  Path socketDirectory() {
    return socketDirectory;
  }

  Path data() {
    return directory.resolve("data");
  }

  Path logFile() {
    return directory.resolve("server.log");
  }

  ServerSpec spec(PostgresBinaries binaries, Terms terms) {
    return new ServerSpec(binaries, data(), socketDirectory, logFile(), terms.settings());
  }

  /**
   * Records the next state. On disk when this returns, if the clone outlives a crash of the host
   * now or then: also of a throw-away clone that its data, which was whole on disk, is about to be
   * written without being synced. The rest has no meaning after a crash, so nobody waits for a
   * disk.
   */
  void record(CloneRecord next) throws IOException {
    if (record.outlivesCrash() || next.outlivesCrash()) {
      file.write(next);
    } else {
      file.writeUnsynced(next);
    }
    changes.incrementAndGet();
    record = next;
  }

  /** How often its state was recorded: the same number twice, and nothing was done meanwhile. */
  long changes() {
    return changes.get();
  }

  /** Keeps the server's log within bounds, whether it runs or not. Cheap if it is. Blocks. */
  public synchronized void trimLog() throws IOException {
    new ServerLog(logFile()).trim();
  }

  /** The last lines of the server's log, a mebibyte at most. Blocks. */
  public List<String> lastLogLines(int most) throws IOException {
    return new ServerLog(logFile()).last(most);
  }

  void serve(RunningServer running) {
    server = running;
  }

  @Override
  public String toString() {
    return "clone " + id();
  }
}
