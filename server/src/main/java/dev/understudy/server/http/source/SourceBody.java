package dev.understudy.server.http.source;

import dev.understudy.cloner.snapshot.CutStatistics.Failure;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.source.Lag;
import dev.understudy.config.Source;
import dev.understudy.server.operate.Vocabulary;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source as it is told.
 *
 * @param type standby, dump or directory
 * @param snapshots how many may serve
 * @param dataTime of the newest
 * @param lagBytes of WAL that are not replayed yet; only of a standby, as are the next two
 * @param connected whether changes arrive
 * @param masked whether the settings have its snapshots masked
 * @param spares how many clones are kept ready
 * @param failure of the latest attempt to cut a snapshot; null: it has not failed
 */
public record SourceBody(
    String name,
    String type,
    int snapshots,
    @Nullable Instant dataTime,
    @Nullable Long lagBytes,
    @Nullable Long lagSeconds,
    @Nullable Boolean connected,
    boolean masked,
    int spares,
    @Nullable Failure failure) {
  static SourceBody of(
      Source source, List<Snapshot> snapshots, @Nullable Lag lag, @Nullable Failure failure) {
    return new SourceBody(
        source.name(),
        Vocabulary.type(source.type()),
        snapshots.size(),
        snapshots.isEmpty() ? null : snapshots.getFirst().dataTime(),
        lag == null ? null : (Long) lag.bytes(),
        lag == null ? null : (Long) lag.time().toSeconds(),
        lag == null ? null : (Boolean) lag.connected(),
        source.mask() != null,
        source.spares(),
        failure);
  }
}
