package dev.understudy.server.http.source;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.server.operate.Vocabulary;
import java.time.Instant;
import java.util.List;

/**
 * A snapshot as it is told.
 *
 * @param dataTime the moment of production that it shows
 * @param version of PostgreSQL
 * @param bytes apparent size of all files
 * @param databases that can be connected to
 */
public record SnapshotBody(
    String id,
    String source,
    Instant dataTime,
    Instant createdAt,
    String version,
    long bytes,
    List<String> databases,
    boolean masked) {
  public SnapshotBody {
    databases = List.copyOf(databases);
  }

  public static SnapshotBody of(Snapshot snapshot) {
    return new SnapshotBody(
        snapshot.id(),
        snapshot.source(),
        snapshot.dataTime(),
        snapshot.createdAt(),
        Vocabulary.version(snapshot),
        snapshot.sizeBytes(),
        Vocabulary.databases(snapshot),
        snapshot.mask() != null);
  }
}
