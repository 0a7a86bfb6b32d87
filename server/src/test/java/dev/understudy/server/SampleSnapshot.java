package dev.understudy.server;

import dev.understudy.cloner.snapshot.Finding;
import dev.understudy.cloner.snapshot.Snapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A snapshot of nothing but what was found in it. */
public final class SampleSnapshot {
  private SampleSnapshot() {}

  public static Snapshot of(String source, String id, Finding... findings) {
    return new Snapshot(
        id,
        Path.of("/nowhere/snapshots", id),
        source,
        Instant.EPOCH,
        Instant.EPOCH,
        180_000,
        "postgres",
        0,
        0,
        List.of(),
        List.of(),
        Map.of(),
        List.of(findings),
        null,
        null,
        null);
  }
}
