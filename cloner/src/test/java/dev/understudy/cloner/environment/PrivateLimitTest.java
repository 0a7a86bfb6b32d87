package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who has written too much lets nobody in, until there is less. */
final class PrivateLimitTest extends BenchFixture {
  private static final long MIB = 1L << 20;
  private static final Duration MOMENT = PrivateLimit.FRESH.plusSeconds(1);

  @BeforeEach
  void prepare() throws Exception {
    bench.policies =
        List.of(
            policy("pr-*", new Resources(null, null, null, null, 100 * MIB)),
            policy("free-*", Resources.UNLIMITED));
    bench.restart();
  }

  private static EnvironmentPolicy policy(String pattern, Resources resources) {
    return new EnvironmentPolicy(new NamePattern(pattern), "prod", "shop", Bench.DROP_AFTER)
        .with(resources);
  }

  @Test
  void newSessionsAreRefusedUntilLessIsThere() throws Exception {
    EnvironmentSession open = bench.open("pr-1");
    bench.open("free-1");
    bench.pool.privateBytes = 100 * MIB + 1;
    measureAll();

    EnvironmentUnavailable refusal = Bench.failureOf(ask("pr-1"));
    assertThat(refusal.sqlState()).isEqualTo("53100");
    assertThat(refusal.detail().orElseThrow())
        .contains("104857601 bytes", "environments.\"pr-*\".private-limit", "104857600");
    assertThat(refusal.hint().orElseThrow()).contains("Begin anew", "remove data");
    assertThat(bench.open("free-1").creation()).isEmpty();

    bench.pool.privateBytes = 100 * MIB;
    assertThat(Bench.failureOf(ask("pr-1")).sqlState()).isEqualTo("53100");
    assertThat(bench.pool.measures).hasValue(1);

    bench.advance(MOMENT);
    assertThat(bench.open("pr-1").creation()).isEmpty();
    assertThat(bench.pool.measures).hasValue(2);
    open.close();
  }

  @Test
  void aStormOfRefusalsMeasuresOnce() throws Exception {
    bench.open("pr-1");
    bench.pool.privateBytes = 200 * MIB;
    measureAll();
    bench.advance(MOMENT);

    List<CompletableFuture<EnvironmentSession>> asked =
        List.of(ask("pr-1"), ask("pr-1"), ask("pr-1"), ask("pr-1"));
    for (CompletableFuture<EnvironmentSession> each : asked) {
      assertThat(Bench.failureOf(each).sqlState()).isEqualTo("53100");
    }
    assertThat(bench.pool.measures).hasValue(2);
  }

  @Test
  void whoSleepsIsMeasuredWhenItGoesToSleep() throws Exception {
    bench.open("pr-1").close();
    bench.pool.privateBytes = 200 * MIB;
    assertThat(Bench.await(bench.environments.suspend("pr-1", true))).isTrue();
    awaitExceeded();

    assertThat(Bench.failureOf(ask("pr-1")).sqlState()).isEqualTo("53100");
  }

  @Test
  void aNewOneOfThatNameBeginsAnew() throws Exception {
    bench.open("pr-1");
    bench.pool.privateBytes = 200 * MIB;
    measureAll();
    Bench.await(bench.environments.drop("pr-1"));
    assertThat(bench.open("pr-1").creation()).isPresent();
  }

  @Test
  void aTokenBeginsAnewOnce() throws Exception {
    bench.open("pr-1").close();
    bench.pool.privateBytes = 200 * MIB;
    measureAll();

    assertThat(Bench.await(ask("pr-1", "run-1")).effect()).contains(Effect.RESET);
    bench.advance(PrivateLimitWatch.PERIOD);
    awaitExceeded();
    EnvironmentUnavailable refusal = Bench.failureOf(ask("pr-1", "run-1"));
    assertThat(refusal.sqlState()).isEqualTo("53100");
    assertThat(refusal.hint().orElseThrow()).contains("-c understudy.fresh=");
  }

  @Test
  void whatWasSharedWithASnapshotThatIsGoneIsNotHeldAgainstIt() throws Exception {
    bench.open("pr-1");
    bench.pool.privateBytes = 200 * MIB;
    measureAll();
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory, "s2"));
    bench.advance(MOMENT);

    assertThat(bench.open("pr-1").creation()).isEmpty();
    assertThat(bench.pool.measures).hasValue(1);
  }

  @Test
  void ofAPlainCopyOnlyWhatIsMoreThanTheSnapshotCounts() throws Exception {
    bench.pool.sharesBlocks = false;
    bench.open("pr-1");
    long allowed = bench.newest.orElseThrow().sizeBytes() + 100 * MIB;
    bench.pool.privateBytes = allowed + 1;
    measureAll();

    bench.pool.privateBytes = allowed;
    bench.advance(MOMENT);
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  private CompletableFuture<EnvironmentSession> ask(String name) {
    return ask(name, null);
  }

  private CompletableFuture<EnvironmentSession> ask(String name, @Nullable String token) {
    return bench.environments.open(new EnvironmentRequest(name, "shop", "app", token));
  }

  /** Returns when it is known that one has written too much. */
  private void measureAll() throws Exception {
    bench.advance(PrivateLimitWatch.PERIOD);
    awaitExceeded();
    assertThat(bench.pool.measures).hasValue(1);
  }

  private boolean isAnyExceeded() {
    return bench.population.existing().stream()
        .anyMatch(environment ->
            environment
                .privateLimit()
                .isExceeded(new EnvironmentRequest(environment.name(), "shop")));
  }

  /** What is measured is so on another thread. */
  private void awaitExceeded() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!isAnyExceeded()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(5);
    }
  }
}
