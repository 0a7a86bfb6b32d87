package dev.understudy.cloner.life;

import dev.understudy.cloner.cgroup.ControlGroupProbe;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Fidelity;
import dev.understudy.config.Hook;
import dev.understudy.config.Hooks;
import dev.understudy.config.Lifetime;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.MinFree;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Quota;
import dev.understudy.config.Resources;
import dev.understudy.config.Settings;
import dev.understudy.config.SnapshotPolicy;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Environments of all kinds of one production. */
final class LifeSettings {
  /** Of the pool. */
  static final long MIN_FREE = 200L << 20;

  /** Of all names together. */
  static final int ENVIRONMENTS = 6;

  /** Of those that expire. */
  static final int EXPIRING = 2;

  /** Of servers, a spare's included. */
  static final int RUNNING = 3;

  /** Of one clone; more than it ever has. */
  private static final int PROCESSES = 300;

  /** Snapshots, the newest ones. */
  static final int SNAPSHOTS = 2;

  static final Duration SUSPEND_AFTER = Duration.ofMinutes(10);
  static final Duration DROP_AFTER = Duration.ofDays(3);
  static final Duration EXPIRES = Duration.ofDays(2);
  static final Duration UNDROP_WINDOW = Duration.ofDays(1);

  /** What is had back from the trash although it has expired stays for so long. */
  static final Duration KEPT = Duration.ofDays(1);

  /** After a start, or a jump of the clock, nothing ends by itself for so long. */
  static final Duration GRACE = Duration.ofMinutes(5);

  private LifeSettings() {}

  static boolean expires(String name) {
    return name.startsWith("ci-");
  }

  static boolean dropsWhenIdle(String name) {
    return name.startsWith("pr-");
  }

  /** Those that expire are seeded, too. */
  static boolean hasHook(String name) {
    return expires(name);
  }

  /**
   * Of a daemon.
   *
   * @param hook file of SQL
   */
  static Settings of(Path directory, Path production, Path home, Path hook) {
    return new Settings(
        directory,
        Settings.Isolation.REQUIRED,
        null,
        new Listen("127.0.0.1", 0, 10, Duration.ofSeconds(10), Duration.ofSeconds(60)),
        List.of(Settings.CredentialSource.PRODUCTION),
        false,
        Map.of(),
        ZoneOffset.UTC,
        Map.of(
            "prod",
            new Source(
                "prod",
                new SourceType.Directory(production, null, false),
                new SnapshotPolicy(null, SNAPSHOTS),
                Fidelity.DEFAULT)),
        List.of(
            policy("pr-*", DROP_AFTER, null).with(resources(directory)),
            policy("ci-*", null, EXPIRES)
                .with(new Quota(EXPIRING, Integer.MAX_VALUE))
                .with(new Hooks(List.of(new Hook.Script(hook, null)), Hooks.DEFAULT_TIMEOUT)),
            policy("keep-*", null, null)),
        new Limits(ENVIRONMENTS, RUNNING),
        new MinFree.Size(MIN_FREE),
        UNDROP_WINDOW,
        List.of(home));
  }

  private static EnvironmentPolicy policy(
      String pattern, @Nullable Duration dropAfter, @Nullable Duration expires) {
    return new EnvironmentPolicy(new NamePattern(pattern), "prod", "postgres", dropAfter)
        .with(new Lifetime(SUSPEND_AFTER, dropAfter, expires));
  }

  /** A group of the kernel for each, where the host offers them; it limits nothing here. */
  private static Resources resources(Path directory) {
    try {
      new ControlGroupProbe(directory).find();
      return new Resources(null, null, PROCESSES, null, null);
    } catch (IOException e) {
      return Resources.UNLIMITED;
    }
  }
}
