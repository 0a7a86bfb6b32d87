package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Who is told that there will be no environment, before or while it is made. */
final class RefusalsTest extends BenchFixture {
  @Test
  void fullPoolRefusesBeforeAnythingIsBegun() throws Exception {
    bench.pool.freeBytes = 100L << 20;

    EnvironmentUnavailable failure =
        Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop")));

    assertThat(failure.sqlState()).isEqualTo("53100");
    assertThat(failure.detail()).hasValueSatisfying(d -> assertThat(d).contains("100 MiB"));
    assertThat(bench.pool.copies).hasValue(0);
    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void plainCopiesSideBySideDoNotPromiseTheSameSpaceTwice() throws Exception {
    bench.pool.sharesBlocks = false;
    bench.pool.freeBytes = (1L << 30) + (300L << 20);
    bench.servers.gate = new CountDownLatch(1);
    CompletableFuture<EnvironmentSession> first =
        bench.environments.open(new EnvironmentRequest("pr-1", "shop"));
    bench.servers.reachedGate.await();

    assertThat(
            Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-2", "shop"))).kind())
        .isEqualTo(Kind.STORAGE_FULL);
    requireNonNull(bench.servers.gate).countDown();
    Bench.await(first);
    assertThat(bench.open("pr-2")).isNotNull();
  }

  @Test
  void poolThatFillsUpInTheMidstLeavesNothing() throws Exception {
    bench.pool.copyFailure = new IOException("write: No space left on device");

    EnvironmentUnavailable failure =
        Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop")));

    assertThat(failure.sqlState()).isEqualTo("53100");
    bench.settle();
    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void unknownDatabaseMakesNothing() throws Exception {
    EnvironmentUnavailable failure =
        Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "nope")));

    assertThat(failure.sqlState()).isEqualTo("3D000");
    assertThat(failure).hasMessage("database \"nope\" does not exist");
    assertThat(failure.hint()).contains("There are: postgres, shop");
    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void databaseMadeInTheEnvironmentIsNotForTheCheckToKnow() throws Exception {
    bench.open("pr-1").close();

    assertThat(Bench.await(bench.environments.open(new EnvironmentRequest("pr-1", "made-later"))))
        .isNotNull();
  }

  @Test
  void nameThatNoPolicyCoversIsRefused() throws Exception {
    assertThat(
            Bench.failureOf(bench.environments.open(new EnvironmentRequest("other", "shop")))
                .kind())
        .isEqualTo(Kind.UNKNOWN_ENVIRONMENT);
  }

  @Test
  void nameThatCouldLeaveTheDirectoryIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bench.environments.open(new EnvironmentRequest("../pr-1", "shop")));
    assertThatIllegalArgumentException().isThrownBy(() -> bench.environments.drop("pr-1/.."));
  }

  @Test
  void sourceWithoutSnapshotSaysSo() throws Exception {
    bench.newest = Optional.empty();

    assertThat(
            Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop")))
                .sqlState())
        .isEqualTo("57P03");
  }
}
