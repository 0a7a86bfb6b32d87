package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.state.AddedLater;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a clone was made of. Kept with the clone, so that it outlives its snapshot.
 *
 * @param snapshot id
 * @param version of PostgreSQL, as {@code server_version_num}
 * @param superuser name of the bootstrap superuser
 * @param mask as the snapshot's; where it is missing, nothing could be masked yet
 * @param replacementKey as the snapshot's
 * @param settings of production, as the snapshot's; where they are missing, none
 */
public record Origin(
    String snapshot,
    String source,
    Instant dataTime,
    int version,
    String superuser,
    @AddedLater @Nullable String mask,
    @AddedLater @Nullable String replacementKey,
    @AddedLater Map<String, String> settings) {
  public Origin {
    requireNonNull(snapshot, "snapshot is null");
    requireNonNull(source, "source is null");
    requireNonNull(dataTime, "dataTime is null");
    requireNonNull(superuser, "superuser is null");
    settings = settings == null ? Map.of() : Map.copyOf(settings);
  }

  public static Origin of(Snapshot snapshot) {
    return new Origin(
        snapshot.id(),
        snapshot.source(),
        snapshot.dataTime(),
        snapshot.version(),
        snapshot.superuser(),
        snapshot.mask(),
        snapshot.replacementKey(),
        snapshot.settings());
  }
}
