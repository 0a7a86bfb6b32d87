package dev.understudy.cloner.clone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes clones in an order that a later daemon can take up at any point: the record says so
 * first, and goes last.
 */
final class CloneRemover {
  private static final Logger LOG = LoggerFactory.getLogger(CloneRemover.class);

  private final CloneHost host;
  private final CloneStarter starter;

  CloneRemover(CloneHost host, CloneStarter starter) {
    this.host = host;
    this.starter = starter;
  }

  /**
   * From now on the clone is gone for everybody; its server too when this returns, even if the
   * thread is interrupted. Never fails: what cannot be recorded in a full pool is still removed.
   */
  void end(Clone clone) {
    forsake(clone);
    try {
      starter.stop(clone);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("{}: its server could not be stopped: {}", clone, e.toString());
    }
    try {
      host.servers().killAllBelow(clone.directory());
    } catch (RuntimeException e) {
      LOG.warn("{}: its processes could not be killed: {}", clone, e.toString());
    }
    starter.removeGroup(clone);
    host.steps().reached(Step.SERVER_ENDED);
  }

  /** As {@link #end}, of a clone on which no process is. */
  void forsake(Clone clone) {
    try {
      clone.record(clone.record().removing());
    } catch (IOException e) {
      LOG.warn("{}: its removal could not be recorded: {}", clone, e.toString());
    }
    host.steps().reached(Step.CLONE_REMOVING);
  }

  /** Deletes what is on disk of a clone that has ended. Slow where the pool copies. */
  void delete(Clone clone) throws IOException {
    deleteDirectory(clone.directory(), clone.socketDirectory());
  }

  /** Deletes a clone's directories, whole or half made. No process uses them. */
  void deleteDirectory(Path directory, Path socketDirectory) throws IOException {
    host.pool().delete(directory.resolve("data"));
    host.pool().delete(socketDirectory);
    host.steps().reached(Step.TREE_DELETED);
    Path record = directory.resolve(CloneStore.FILE);
    for (Path file : files(directory)) {
      if (!file.equals(record)) {
        Files.delete(file);
      }
    }
    Files.deleteIfExists(record);
    host.steps().reached(Step.CLONE_FORGOTTEN);
    Files.deleteIfExists(directory);
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
