package dev.understudy.cloner.environment;

import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.cloner.idle.Idleness;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** {@code staging} moves to each new snapshot, of which there can be one. */
abstract class RefreshingFixture extends BenchFixture {
  static final Instant NEXT = Instant.parse("2026-01-01T00:00:00Z");
  static final Duration CONNECTED = Idleness.CONNECTING.plusSeconds(1);

  @BeforeEach
  final void refreshAfterSnapshots() throws Exception {
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("staging"), "prod", "shop", null)
                .with(RefreshPolicy.AFTER_SNAPSHOT),
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null));
    bench.restart();
  }

  void publish() throws Exception {
    newest();
    bench.service.snapshotPublished("prod");
    bench.settle();
  }

  void newest() {
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory, "s2", NEXT));
  }
}
