package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Snapshot.Database;
import dev.understudy.cloner.snapshot.Snapshot.Role;
import dev.understudy.cloner.state.AddedLater;
import dev.understudy.cloner.state.JsonFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code snapshot.json}: a {@link Snapshot} wherever its directory lies.
 *
 * @param findings null: it is of a time when nothing was neutralised, and must serve nobody
 * @param mask where it is missing, nothing could be masked yet
 * @param replacementKey where it is missing, what replaced passwords cannot be told
 */
record SnapshotRecord(
    String id,
    String source,
    Instant dataTime,
    Instant createdAt,
    int version,
    String superuser,
    long sizeBytes,
    long files,
    List<Database> databases,
    List<Role> roles,
    Map<String, String> settings,
    @AddedLater @Nullable List<Finding> findings,
    @AddedLater @Nullable String position,
    @AddedLater @Nullable String mask,
    @AddedLater @Nullable String replacementKey) {
  /** No digest of any rules. */
  static final String NOT_NEUTRALISED = "not neutralised";

  SnapshotRecord {
    requireNonNull(id, "id is null");
    requireNonNull(source, "source is null");
    requireNonNull(dataTime, "dataTime is null");
    requireNonNull(createdAt, "createdAt is null");
    requireNonNull(superuser, "superuser is null");
    databases = List.copyOf(databases);
    roles = List.copyOf(roles);
    settings = Map.copyOf(settings);
    findings = findings == null ? null : List.copyOf(findings);
  }

  static JsonFile<SnapshotRecord> file(Path directory) {
    return new JsonFile<>(directory.resolve("snapshot.json"), SnapshotRecord.class);
  }

  static SnapshotRecord of(Snapshot snapshot) {
    return new SnapshotRecord(
        snapshot.id(),
        snapshot.source(),
        snapshot.dataTime(),
        snapshot.createdAt(),
        snapshot.version(),
        snapshot.superuser(),
        snapshot.sizeBytes(),
        snapshot.files(),
        snapshot.databases(),
        snapshot.roles(),
        snapshot.settings(),
        snapshot.findings(),
        snapshot.position(),
        snapshot.mask(),
        snapshot.replacementKey());
  }

  Snapshot at(Path directory) {
    return new Snapshot(
        id,
        directory,
        source,
        dataTime,
        createdAt,
        version,
        superuser,
        sizeBytes,
        files,
        databases,
        roles,
        settings,
        findings == null ? List.of() : findings,
        position,
        findings == null ? NOT_NEUTRALISED : mask,
        replacementKey);
  }

  /** Verifiers stay where they are. */
  @Override
  public String toString() {
    return "SnapshotRecord[" + id + "]";
  }
}
