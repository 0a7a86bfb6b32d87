package dev.understudy.cloner.dump;

import dev.understudy.cloner.source.CopyListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells how far a copy is, in bytes of production's databases: half of a database for its dump, by
 * what has been written of that, and all of it when it is restored. Used by one thread.
 */
final class DumpProgress {
  private final CopyListener listener;
  private final long total;
  private long files;
  private long dumped;
  private long done;

  DumpProgress(CopyListener listener, List<SourceDatabase> databases) {
    this.listener = listener;
    this.total = databases.stream().mapToLong(SourceDatabase::size).sum();
  }

  /** Files of dumps, all together. */
  long files() {
    return files;
  }

  /** Bytes of dumps, all together. */
  long bytes() {
    return dumped;
  }

  void dumping(SourceDatabase database, Path dump) {
    listener.copied(files + count(dump), done + Math.min(size(dump), database.size() / 2), total);
  }

  void dumped(Path dump) {
    files += count(dump);
    dumped += size(dump);
  }

  void restoring(SourceDatabase database) {
    listener.copied(files, done + database.size() / 2, total);
  }

  void restored(SourceDatabase database) {
    done += database.size();
    listener.copied(files, done, total);
  }

  private static long count(Path dump) {
    try (Stream<Path> names = Files.list(dump)) {
      return names.count();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  private static long size(Path dump) {
    try (Stream<Path> names = Files.list(dump)) {
      return names.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
