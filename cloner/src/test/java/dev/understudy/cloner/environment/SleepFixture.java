package dev.understudy.cloner.environment;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Lifetime;
import dev.understudy.config.NamePattern;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Environments that go to sleep some minutes after their last use, and one of them. */
abstract class SleepFixture extends BenchFixture {
  static final Duration SECOND = Duration.ofSeconds(1);
  static final Duration SUSPEND_AFTER = Duration.ofMinutes(10);

  @BeforeEach
  final void letSleep() throws Exception {
    Lifetime lifetime = new Lifetime(SUSPEND_AFTER, Bench.DROP_AFTER, null);
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null).with(lifetime));
    bench.restart();
  }

  boolean isAwake() {
    return bench.environments.list().getFirst().running();
  }
}
