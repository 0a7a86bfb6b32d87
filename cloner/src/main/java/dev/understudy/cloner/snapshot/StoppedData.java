package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.source.Completion;
import dev.understudy.cloner.source.Lsn;
import dev.understudy.cloner.source.WalSegments;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The data directory of a copy whose server has been stopped for the last time. */
final class StoppedData {
  private static final List<String> REMOVED =
      List.of("backup_label.old", "tablespace_map.old", "backup_manifest", "postmaster.opts");

  private static final List<String> FORBIDDEN =
      List.of(
          "backup_label", "tablespace_map", "recovery.signal", "standby.signal", "postmaster.pid");

  private static final List<String> INSIDE_WAL = List.of("archive_status", "summaries");

  /** More than the longest checkpoint record with its page headers. */
  private static final int CHECKPOINT_RECORD = 8192;

  private final Path path;
  private final PgControl control;

  private StoppedData(Path path, PgControl control) {
    this.path = path;
    this.control = control;
  }

  /**
   * Makes sure that it was recovered completely and stopped cleanly.
   *
   * @param completion if recovery, it must have left the timeline of the backup
   */
  static StoppedData check(Path path, Completion completion) throws IOException {
    PgControl control = PgControl.read(path);
    if (control.state() != PgControl.State.SHUT_DOWN) {
      throw new IOException("its state is " + control.state());
    }
    if (completion instanceof Completion.Recovery before
        && Integer.compareUnsigned(control.timeline(), before.timeline()) <= 0) {
      throw new IOException("it is still on timeline " + before.timeline());
    }
    if (control.backupStartPoint() != 0 || control.backupEndRequired()) {
      throw new IOException("it waits for the end of the backup");
    }
    try (Directory directory = Directory.open(path)) {
      for (String name : REMOVED) {
        removeIfThere(directory, name);
      }
      for (String name : FORBIDDEN) {
        if (exists(directory, name)) {
          throw new IOException("there is still a " + name);
        }
      }
    }
    return new StoppedData(path, control);
  }

  /**
   * Removes files that may be gone already.
   *
   * @param files below the data directory; no link on the way is followed
   */
  void remove(List<String> files) throws IOException {
    for (String file : files) {
      try (Directory directory = Directory.open(path)) {
        remove(directory, List.of(file.split("/", -1)));
      }
    }
  }

  private static void remove(Directory directory, List<String> way) throws IOException {
    if (way.size() == 1) {
      removeIfThere(directory, way.getFirst());
    } else {
      try (Directory child = directory.directory(way.getFirst())) {
        remove(child, way.subList(1, way.size()));
      }
    }
  }

  /** Removes all WAL but what the next start reads: the segment of the last checkpoint. */
  void trimWal() throws IOException {
    Set<String> kept = new HashSet<>();
    int timeline = control.timeline();
    Lsn redo = new Lsn(control.redo());
    kept.addAll(
        new WalSegments(control.walSegmentSize())
            .namesOf(timeline, redo, new Lsn(control.redo() + CHECKPOINT_RECORD)));
    kept.add("%08X.history".formatted(timeline));
    try (Directory directory = Directory.open(path);
        Directory wal = directory.directory("pg_wal")) {
      removeFiles(wal, kept);
      for (String inside : INSIDE_WAL) {
        if (exists(wal, inside)) {
          try (Directory child = wal.directory(inside)) {
            removeFiles(child, Set.of());
          }
        }
      }
    }
  }

  /** Reads the directory again until nothing was left to remove: names may move meanwhile. */
  private static void removeFiles(Directory directory, Set<String> kept) throws IOException {
    boolean again = true;
    while (again) {
      again = false;
      try (DirectoryListing names = directory.list()) {
        for (@Nullable String name = names.next(); name != null; name = names.next()) {
          if (!kept.contains(name) && !INSIDE_WAL.contains(name)) {
            directory.unlink(name);
            again = true;
          }
        }
      }
    }
  }

  private static void removeIfThere(Directory directory, String name) throws IOException {
    if (exists(directory, name)) {
      directory.unlink(name);
    }
  }

  private static boolean exists(Directory directory, String name) throws IOException {
    try {
      directory.status(name);
      return true;
    } catch (SystemCallException e) {
      if (e.errno() == SystemCallException.ENOENT) {
        return false;
      }
      throw e;
    }
  }
}
