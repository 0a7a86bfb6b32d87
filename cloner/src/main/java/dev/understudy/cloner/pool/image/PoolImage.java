package dev.understudy.cloner.pool.image;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.FileTrouble;
import dev.understudy.cloner.host.Mount;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.pool.image.PoolRecord.State;
import dev.understudy.cloner.state.JsonFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The file system of a data directory's own, if it has one: made once, mounted again at each start,
 * known by a record beside the data directory. All methods block, and end soon when interrupted.
 */
public final class PoolImage {
  /** A lock of a file is the whole process's. */
  private static final ReentrantLock MOUNTING = new ReentrantLock();

  private PoolImage() {}

  /**
   * Makes a file system and mounts it on the data directory. Clears first what an attempt that was
   * killed has left.
   *
   * @return what the administrator should know
   * @throws PoolImageException and everything is as it was before
   */
  public static List<String> create(PoolPlan plan) throws PoolImageException, InterruptedException {
    return create(plan, CreationStep.Listener.NONE);
  }

  static List<String> create(PoolPlan wanted, CreationStep.Listener steps)
      throws PoolImageException, InterruptedException {
    Optional<PoolImageException> impediment = PoolChecks.impediment(wanted.type(), wanted.device());
    if (impediment.isPresent()) {
      throw impediment.get();
    }
    try {
      PoolPlan plan = resolved(wanted);
      clearUnfinished(plan.dataDirectory());
      PoolChecks.require(plan);
      List<String> warnings = PoolChecks.warnings(plan);
      new PoolCreation(plan, steps).run();
      return warnings;
    } catch (IOException e) {
      throw new PoolImageException(
          "the pool cannot be made: " + e.getMessage(), FileTrouble.hint(e), e);
    }
  }

  /** Mounts are known by paths without links. */
  private static PoolPlan resolved(PoolPlan plan) throws IOException {
    return new PoolPlan(
        resolved(plan.dataDirectory()),
        // The name of a device is kept: the one that it is a link to may be another's tomorrow.
        plan.device() ? plan.backing() : resolved(plan.backing()),
        plan.device(),
        plan.bytes(),
        plan.type());
  }

  private static Path resolved(Path path) throws IOException {
    if (Files.exists(path)) {
      return path.toRealPath();
    }
    Path parent = requireNonNull(path.toAbsolutePath().getParent(), "the root exists");
    Files.createDirectories(parent);
    return parent.toRealPath().resolve(path.getFileName());
  }

  private static void clearUnfinished(Path dataDirectory)
      throws PoolImageException, IOException, InterruptedException {
    JsonFile<PoolRecord> file = PoolRecord.file(dataDirectory);
    if (!file.exists()) {
      return;
    }
    PoolRecord record = file.read();
    if (record.state() == State.READY) {
      throw new PoolImageException(
          "%s has a pool already: %s".formatted(dataDirectory, record.backing()),
          Mount.at(dataDirectory).isPresent()
              ? null
              : "It is mounted by the start of the daemon. If it is not needed, remove it and "
                  + file.path()
                  + ".");
    }
    PoolCreation.clear(record, dataDirectory);
  }

  /**
   * Mounts the data directory's pool, if it has one that is not mounted yet, as after a reboot.
   *
   * @return true if it was mounted now
   */
  public static boolean mount(Path dataDirectory) throws PoolImageException, InterruptedException {
    try {
      Path parent = dataDirectory.toAbsolutePath().getParent();
      if (parent == null || !Files.isDirectory(parent)) {
        return false;
      }
      Path directory = parent.toRealPath().resolve(dataDirectory.getFileName());
      JsonFile<PoolRecord> file = PoolRecord.file(directory);
      boolean readable = Files.isReadable(file.path());
      if (!file.exists() || (!readable && Mount.at(directory).isPresent())) {
        return false;
      }
      if (!readable) {
        throw notRoot(directory);
      }
      PoolRecord record = file.read();
      if (record.state() != State.READY) {
        throw new PoolImageException(
            "the pool of %s was never finished".formatted(directory),
            "Run understudy pool create once more, or remove %s.".formatted(file.path()));
      }
      if (Mount.at(directory).isPresent()) {
        return false;
      }
      if (!Accounts.isRoot()) {
        throw notRoot(directory);
      }
      return mountOnce(directory, record, file.path());
    } catch (IOException e) {
      throw new PoolImageException(
          "the pool of %s cannot be mounted: %s".formatted(dataDirectory, e.getMessage()),
          FileTrouble.hint(e),
          e);
    }
  }

  /**
   * Of daemons that start side by side one mounts it, and the others wait for that: a file system
   * that two loop devices write to is lost. They lock the record, which nobody here reads
   * meanwhile, as to close it once would end the lock.
   */
  private static boolean mountOnce(Path directory, PoolRecord record, Path file)
      throws PoolImageException, IOException, InterruptedException {
    MOUNTING.lockInterruptibly();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (Mount.at(directory).isPresent()) {
        return false;
      }
      mount(directory, record);
      return lock.isValid();
    } catch (FileLockInterruptionException | ClosedByInterruptException e) {
      Thread.interrupted();
      throw new InterruptedException("interrupted while waiting for another mount");
    } finally {
      MOUNTING.unlock();
    }
  }

  private static PoolImageException notRoot(Path directory) {
    return new PoolImageException(
        "the pool of %s is not mounted, and only root can do that".formatted(directory),
        "As root: understudy pool mount --data-directory %s; then start again."
            .formatted(directory));
  }

  private static void mount(Path directory, PoolRecord record)
      throws PoolImageException, IOException, InterruptedException {
    if (!Files.exists(record.place())) {
      throw new PoolImageException(
          "the pool of %s is gone: there is no %s".formatted(directory, record.backing()),
          "Bring it back. To begin anew, remove %s and run understudy pool create."
              .formatted(PoolRecord.file(directory).path()));
    }
    String id = Tools.id(record.place());
    if (!id.equals(record.id())) {
      throw new PoolImageException(
          "%s does not hold the pool of %s: its file system is %s, not %s"
              .formatted(record.backing(), directory, id.isEmpty() ? "none" : id, record.id()),
          "Bring the right one back; blkid tells which device has it. To begin anew, remove %s and run"
                  .formatted(PoolRecord.file(directory).path())
              + " understudy pool create.");
    }
    if (!Files.exists(directory)) {
      Files.createDirectory(directory);
    } else if (!isEmpty(directory)) {
      throw new PoolImageException(
          "%s is not empty; what is in it would be hidden by its pool".formatted(directory),
          "Something was written there while the pool was not mounted: move it away.");
    }
    Tools.mount(record, directory);
  }

  /**
   * Unmounts a pool in an image and removes both, with all that is in it. Nothing happens where
   * there is none.
   */
  public static void remove(Path dataDirectory) throws PoolImageException, InterruptedException {
    try {
      Path directory = resolved(dataDirectory);
      JsonFile<PoolRecord> file = PoolRecord.file(directory);
      if (file.exists()) {
        PoolCreation.clear(file.read(), directory);
      }
    } catch (IOException e) {
      throw new PoolImageException(
          "the pool of %s cannot be removed: %s".formatted(dataDirectory, e.getMessage()),
          FileTrouble.hint(e),
          e);
    }
  }

  /**
   * Gives a data directory that does not exist yet, or is empty, a pool in a sparse image, if that
   * is of use and can be done here. Never fails for want of something.
   *
   * @return for people: what was made, or why nothing was; empty where the file system can share
   *     blocks itself, and where the directory has a pool or anything else
   */
  public static Optional<Ensured> ensure(Path dataDirectory, long bytes)
      throws IOException, InterruptedException {
    Path parent = requireNonNull(dataDirectory.getParent(), "a data directory has a parent");
    boolean exists = Files.exists(dataDirectory);
    if ((exists && !isEmpty(dataDirectory))
        || hasPool(resolved(dataDirectory))
        || PoolProbe.choose(exists ? dataDirectory : parent).pool().sharesBlocks()) {
      return Optional.empty();
    }
    String reason = "";
    for (ImageType type : ImageType.values()) {
      try {
        create(PoolPlan.image(dataDirectory, bytes, type));
        return Optional.of(
            new Ensured(
                true,
                "%s in a sparse image of at most %d GiB".formatted(type.lowerCase(), bytes >> 30)));
      } catch (PoolImageException e) {
        reason = reason.isEmpty() ? String.valueOf(e.getMessage()) : reason;
      }
    }
    return Optional.of(new Ensured(false, reason));
  }

  private static boolean hasPool(Path dataDirectory) throws IOException {
    JsonFile<PoolRecord> file = PoolRecord.file(dataDirectory);
    return file.exists() && file.read().state() == State.READY;
  }

  private static boolean isEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  /**
   * What {@link #ensure} did.
   *
   * @param made whether there is a pool now
   * @param words for people
   */
  public record Ensured(boolean made, String words) {}
}
