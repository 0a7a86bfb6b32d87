package dev.understudy.cloner.fake;

import dev.understudy.cloner.snapshot.Snapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Snapshots of a shop. */
public final class FakeSnapshots {
  private FakeSnapshots() {}

  public static Snapshot shop(Path dataDirectory) {
    return shop(dataDirectory, "s1");
  }

  public static Snapshot shop(Path dataDirectory, String id) {
    return shop(dataDirectory, id, Instant.parse("2025-12-31T00:00:00Z"));
  }

  public static Snapshot shop(Path dataDirectory, String id, Instant time) {
    return shop(dataDirectory, id, time, null);
  }

  /** One whose clones can tell the passwords that were set in them. */
  public static Snapshot withReplacedPasswords(Path dataDirectory, String id) {
    return shop(dataDirectory, id, Instant.parse("2025-12-31T00:00:00Z"), "a2V5");
  }

  private static Snapshot shop(
      Path dataDirectory, String id, Instant time, @Nullable String replacementKey) {
    return new Snapshot(
        id,
        dataDirectory.resolve("snapshots").resolve(id),
        "prod",
        time,
        time.plusSeconds(60),
        180_000,
        "postgres",
        1L << 30,
        1000,
        List.of(
            new Snapshot.Database("shop", "app", true, false),
            new Snapshot.Database("postgres", "postgres", true, false),
            new Snapshot.Database("template0", "postgres", false, true)),
        List.of(),
        Map.of("work_mem", "4096"),
        List.of(),
        null,
        null,
        replacementKey);
  }
}
