package dev.understudy.cloner.mask;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.CopyListener;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far the rules of a mask are, by the bytes of the tables that they change. Within a
 * table it goes by how its database's directory grows: the changed rows come beside the old ones,
 * and are then written once more. It looks at files only, since a session beside the one that
 * rewrites a table could keep old rows alive. Used by one thread.
 */
final class MaskProgress {
  private static final Logger LOG = LoggerFactory.getLogger(MaskProgress.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** What a table takes twice beside itself until it is done. */
  private static final int WRITTEN = 2;

  private static final Pattern FILE =
      Pattern.compile("(base/[0-9]+|pg_tblspc/[0-9]+/PG_[0-9_]+/[0-9]+)/[0-9]+");

  private final Path data;
  private final CopyListener listener;
  private long total;
  private long done;
  private long tables;

  /**
   * @param data directory of the server
   */
  MaskProgress(Path data, CopyListener listener) {
    this.data = requireNonNull(data, "data is null");
    this.listener = requireNonNull(listener, "listener is null");
  }

  /** What is done to a table. */
  @FunctionalInterface
  interface Work {
    void run() throws SQLException;
  }

  /** These are to be changed, too. */
  void expect(Connection connection, Collection<Relation> relations) throws SQLException {
    for (Relation relation : relations) {
      total += size(connection, relation);
    }
  }

  /** Changes one of those that are expected. */
  void during(Connection connection, Relation relation, Work work) throws SQLException {
    during(size(connection, relation), directory(connection, relation), work);
  }

  /**
   * @param directory that grows meanwhile; null: not known
   */
  void during(long size, @Nullable Path directory, Work work) throws SQLException {
    Thread looking =
        directory == null || size == 0
            ? null
            : Thread.ofPlatform().daemon().name("mask-progress").start(() -> look(size, directory));
    try {
      work.run();
    } finally {
      if (looking != null) {
        end(looking);
      }
    }
    done += size;
    tables++;
    listener.masked(tables, done, Math.max(done, total));
  }

  private void look(long size, Path directory) {
    try {
      long before = bytesIn(directory);
      long most = 0;
      while (true) {
        Thread.sleep(LOOK_EVERY);
        long written = (bytesIn(directory) - before) / WRITTEN;
        most = Math.clamp(written, most, size);
        listener.masked(tables, done + most, Math.max(done + size, total));
      }
    } catch (InterruptedException e) {
      // Done.
    } catch (IOException | RuntimeException e) {
      LOG.debug("how far the masking of a table is cannot be seen", e);
    }
  }

  private static void end(Thread looking) {
    looking.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        looking.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static long bytesIn(Path directory) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        try {
          bytes += Files.size(file);
        } catch (IOException e) {
          // Just removed.
        }
      }
    }
    return bytes;
  }

  private static long size(Connection connection, Relation relation) throws SQLException {
    return Query.numbers(connection, "SELECT pg_table_size(?::oid)", relation.oid()).getFirst();
  }

  private @Nullable Path directory(Connection connection, Relation relation) throws SQLException {
    String file =
        Query.rows(
                connection,
                row -> row.getString(1),
                "SELECT pg_relation_filepath(?::oid)",
                relation.oid())
            .stream()
            .findFirst()
            .orElse("");
    return FILE.matcher(file).matches() ? data.resolve(file).getParent() : null;
  }
}
