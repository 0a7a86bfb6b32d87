package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who has written too much lets nobody in, until there is less. */
@Timeout(60)
final class PrivateLimitTest {
  private static final long MIB = 1L << 20;
  private static final Duration MOMENT = PrivateLimit.FRESH.plusSeconds(1);

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    bench = new Bench(directory);
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

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void newSessionsAreRefusedUntilLessIsThere() throws Exception {
    EnvironmentSession open = bench.open("pr-1");
    bench.open("free-1");
    bench.pool.privateBytes = 100 * MIB + 1;
    measureAll(1);

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
    measureAll(1);
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
    awaitMeasures(1);

    assertThat(Bench.failureOf(ask("pr-1")).sqlState()).isEqualTo("53100");
  }

  @Test
  void aNewOneOfThatNameBeginsAnew() throws Exception {
    bench.open("pr-1");
    bench.pool.privateBytes = 200 * MIB;
    measureAll(1);
    Bench.await(bench.environments.drop("pr-1"));
    assertThat(bench.open("pr-1").creation()).isPresent();
  }

  @Test
  void aTokenBeginsAnewOnce() throws Exception {
    bench.open("pr-1").close();
    bench.pool.privateBytes = 200 * MIB;
    measureAll(1);

    assertThat(Bench.await(ask("pr-1", "run-1")).creation()).isPresent();
    measureAll(2);
    EnvironmentUnavailable refusal = Bench.failureOf(ask("pr-1", "run-1"));
    assertThat(refusal.sqlState()).isEqualTo("53100");
    assertThat(refusal.hint().orElseThrow()).contains("-c understudy.fresh=");
  }

  @Test
  void whatWasSharedWithASnapshotThatIsGoneIsNotHeldAgainstIt() throws Exception {
    bench.open("pr-1");
    bench.pool.privateBytes = 200 * MIB;
    measureAll(1);
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory, "s2"));
    bench.advance(MOMENT);

    assertThat(bench.open("pr-1").creation()).isEmpty();
    assertThat(bench.pool.measures).hasValue(1);
  }

  @Test
  void ofAPlainCopyOnlyWhatIsMoreThanTheSnapshotCounts() throws Exception {
    bench.pool.sharesBlocks = false;
    bench.open("pr-1");
    bench.pool.privateBytes = bench.newest.orElseThrow().sizeBytes() + 100 * MIB;
    measureAll(1);
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  private CompletableFuture<EnvironmentSession> ask(String name) {
    return ask(name, null);
  }

  private CompletableFuture<EnvironmentSession> ask(String name, @Nullable String token) {
    return bench.environments.open(new EnvironmentRequest(name, "shop", "app", token));
  }

  private void measureAll(int measures) throws Exception {
    bench.advance(PrivateLimitWatch.PERIOD);
    awaitMeasures(measures);
  }

  /** The watch sets its next alarm when it is done; a sleep is measured a moment later. */
  private void awaitMeasures(int measures) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (bench.pool.measures.get() < measures) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(5);
    }
    Thread.sleep(50); // from the measure to its being known
  }
}
