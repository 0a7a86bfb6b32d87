package dev.understudy.server.serve;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.Settings;
import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.Settings.Isolation;
import dev.understudy.config.User;
import dev.understudy.server.SampleEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Values for the tests of the wiring. */
final class Samples {
  private Samples() {}

  static Settings settings(Map<String, User> users, List<CredentialSource> authentication) {
    return new Settings(
        Path.of("/nowhere"),
        Isolation.REQUIRED,
        null,
        new Listen("127.0.0.1", 0, 10, Duration.ofSeconds(1), Duration.ofSeconds(1)),
        authentication,
        false,
        users,
        ZoneOffset.UTC,
        Map.of(),
        List.of(),
        Limits.NONE,
        List.of());
  }

  static EnvironmentStatus environment(String name, boolean running) {
    return SampleEnvironment.named(name).running(running).status();
  }

  static Snapshot snapshot(String source, int version) {
    return new Snapshot(
        "s1",
        Path.of("/nowhere/snapshots/s1"),
        source,
        Instant.EPOCH,
        Instant.EPOCH,
        version,
        "postgres",
        0,
        0,
        List.of(
            new Snapshot.Database("shop", "app", true, false),
            new Snapshot.Database("closed", "app", false, false),
            new Snapshot.Database("template1", "postgres", true, true)),
        List.of(
            new Snapshot.Role("alice", false, true, "SCRAM-SHA-256$alice", null),
            new Snapshot.Role(
                "reader",
                false,
                true,
                "SCRAM-SHA-256$reader",
                Instant.parse("2030-01-01T00:00:00Z")),
            new Snapshot.Role("owner", false, false, null, null)),
        Map.of(),
        List.of(),
        null,
        null,
        null);
  }
}
