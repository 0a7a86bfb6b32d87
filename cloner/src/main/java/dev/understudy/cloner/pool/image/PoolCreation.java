package dev.understudy.cloner.pool.image;

import dev.understudy.cloner.host.FileTrouble;
import dev.understudy.cloner.host.LoopDevices;
import dev.understudy.cloner.host.Mount;
import dev.understudy.cloner.pool.image.PoolRecord.State;
import dev.understudy.cloner.state.JsonFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Makes one pool, step by step. The record comes first and says so until all is done: what a killed
 * process leaves is known by it, and cleared by the next attempt. A failure clears it at once.
 */
final class PoolCreation {
  private final PoolPlan plan;
  private final CreationStep.Listener steps;
  private final JsonFile<PoolRecord> file;

  /** Paths without links; its checks are {@link PoolChecks}. */
  PoolCreation(PoolPlan plan, CreationStep.Listener steps) {
    this.plan = plan;
    this.steps = steps;
    this.file = PoolRecord.file(plan.dataDirectory());
  }

  void run() throws PoolImageException, InterruptedException {
    PoolRecord record =
        new PoolRecord(
            State.MAKING,
            plan.backing().toString(),
            plan.device(),
            plan.device() ? 0 : plan.bytes(),
            plan.type(),
            UUID.randomUUID().toString());
    boolean existed = Files.exists(plan.dataDirectory());
    boolean made = false;
    try {
      make(record);
      made = true;
    } catch (IOException e) {
      throw new PoolImageException(
          "the pool cannot be made: " + e.getMessage(), FileTrouble.hint(e), e);
    } finally {
      if (!made) {
        undo(record, existed);
      }
    }
  }

  private void make(PoolRecord record) throws IOException, InterruptedException {
    file.write(record);
    steps.reached(CreationStep.RECORDED);
    if (!plan.device()) {
      makeFile();
      steps.reached(CreationStep.FILE_MADE);
    }
    Tools.make(plan.type(), UUID.fromString(record.id()), plan.backing());
    steps.reached(CreationStep.FILE_SYSTEM_MADE);
    if (!Files.exists(plan.dataDirectory())) {
      Files.createDirectory(
          plan.dataDirectory(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    steps.reached(CreationStep.DIRECTORY_MADE);
    Tools.mount(record, plan.dataDirectory());
    Files.setPosixFilePermissions(
        plan.dataDirectory(), PosixFilePermissions.fromString("rwx------"));
    steps.reached(CreationStep.MOUNTED);
    file.write(record.ready());
    steps.reached(CreationStep.FINISHED);
  }

  /** Sparse: it takes space as it is filled. */
  private void makeFile() throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            plan.backing(),
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(ByteBuffer.wrap(new byte[1]), plan.bytes() - 1);
    }
  }

  /** Whoever interrupted wants it gone, too. */
  private void undo(PoolRecord record, boolean existed) throws PoolImageException {
    boolean interrupted = Thread.interrupted();
    try {
      clear(record, plan.dataDirectory());
      if (!existed) {
        Files.deleteIfExists(plan.dataDirectory());
      }
    } catch (IOException e) {
      throw new PoolImageException(
          "the pool could not be made, and what there is of it not be cleared: " + e.getMessage(),
          "The next pool create with the same data directory clears it.",
          e);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Unmounts and removes what a record speaks of, and at last the record.
   *
   * @throws IOException also where there is something that the record does not know
   */
  static void clear(PoolRecord record, Path dataDirectory)
      throws IOException, InterruptedException {
    Optional<Mount> mounted = Mount.at(dataDirectory);
    if (mounted.isPresent() && isOf(record, mounted.get())) {
      Tools.unmount(dataDirectory);
    }
    Path place = record.place();
    if (record.device()) {
      if (Files.exists(place) && Tools.id(place).equals(record.id())) {
        Tools.wipe(place);
      }
    } else if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      requireOurs(record, place);
      Files.delete(place);
    }
    PoolRecord.file(dataDirectory).delete();
  }

  private static boolean isOf(PoolRecord record, Mount mount) throws IOException {
    Path source = Path.of(mount.source());
    return record.device()
        ? Files.exists(source)
            && Files.exists(record.place())
            && Files.isSameFile(source, record.place())
        : LoopDevices.backingFile(source).filter(record.place()::equals).isPresent();
  }

  private static void requireOurs(PoolRecord record, Path image)
      throws IOException, InterruptedException {
    boolean regular = Files.isRegularFile(image, LinkOption.NOFOLLOW_LINKS);
    boolean sized = regular && Files.size(image) == record.bytes();
    // Killed in between, it has been made, and nothing is in it yet.
    boolean known =
        regular
            && (Tools.id(image).equals(record.id())
                || (Tools.contents(image).isEmpty() && (sized || Files.size(image) == 0)));
    if (!known) {
      throw new IOException(
          "%s is not the image that %s speaks of; look at both, and remove what is not needed"
              .formatted(image, "the record beside the data directory"));
    }
  }
}
