package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Limits;
import dev.understudy.config.NamePattern;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What somebody wants to make and cannot: told before anything is made, cut or put to sleep. */
final class CreationRefusalsTest extends BenchFixture {
  private static final CreateFrom NEWEST = new CreateFrom.Policy();

  @Test
  void aNameThatNothingCoversAndAnotherSourceAreRefused() throws Exception {
    assertThat(refusal("other", NEWEST)).isEqualTo("3D000");
    assertThat(refusal("pr-1", new CreateFrom.Source("ledger"))).isEqualTo("22023");
    Bench.await(bench.environments.create("pr-1", new CreateFrom.Source("prod"), null));
  }

  @Test
  void whatDoesNotExistCannotBeBranched() throws Exception {
    assertThat(refusal("pr-2", from("pr-1"))).isEqualTo("3D000");
    assertThat(refusal("pr-2", from("pr-2"))).isEqualTo("3D000");
    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void aBranchOfOtherDataThanItsPolicyIsRefused() throws Exception {
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", Bench.DROP_AFTER),
            new EnvironmentPolicy(new NamePattern("books"), "ledger", "books", null));
    bench.restart();
    bench.open("pr-1");

    assertThat(refusal("books", from("pr-1"))).isEqualTo("22023");
  }

  @Test
  void theLimitsHold() throws Exception {
    bench.limits = new Limits(1, 10);
    bench.restart();
    bench.open("pr-1");

    assertThat(refusal("pr-2", from("pr-1"))).isEqualTo("53400");
    assertThat(
            Bench.failureOf(
                    FreshCreation.of(bench.environments, source -> never(), "pr-2", NEWEST, null))
                .sqlState())
        .isEqualTo("53400");
  }

  @Test
  void nobodyIsPutToSleepForWhatCannotBe() throws Exception {
    bench.limits = new Limits(10, 1);
    bench.restart();
    bench.open("pr-1").close();

    assertThat(refusal("pr-2", new CreateFrom.Snapshot("s9"))).isEqualTo("42704");
    assertThat(refusal("pr-2", from("pr-3"))).isEqualTo("3D000");
    bench.settle();
    assertThat(bench.servers.running).hasSize(1);
  }

  @Test
  void noSnapshotIsCutForWhatCannotBe() throws Exception {
    bench.open("pr-1");

    assertThat(
            Bench.failureOf(
                    FreshCreation.of(bench.environments, source -> never(), "pr-1", NEWEST, null))
                .sqlState())
        .isEqualTo("42710");
    assertThat(
            Bench.failureOf(
                    FreshCreation.of(
                        bench.environments, source -> never(), "pr-2", from("pr-1"), null))
                .sqlState())
        .isEqualTo("22023");
    assertThat(
            Bench.failureOf(
                FreshCreation.of(
                    bench.environments,
                    source -> CompletableFuture.failedFuture(new IOException("no room")),
                    "pr-2",
                    NEWEST,
                    null)))
        .satisfies(failure -> assertThat(failure.sqlState()).isEqualTo("58000"))
        .satisfies(failure -> assertThat(failure.detail()).contains("no room"));
  }

  private static CompletableFuture<Snapshot> never() {
    throw new AssertionError("no snapshot is to be cut");
  }

  private static CreateFrom from(String parent) {
    return new CreateFrom.Environment(parent);
  }

  private String refusal(String name, CreateFrom from) throws Exception {
    return Bench.failureOf(bench.environments.create(name, from, null)).sqlState();
  }
}
