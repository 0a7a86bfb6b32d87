package dev.understudy.cloner.environment;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.CloneState;
import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.fake.FakeServer;
import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.cloner.idle.ServerWork;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.cloner.trash.TrashRecord;
import dev.understudy.config.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Refresh and reset by hand, and a fresh start for a token. */
final class RenewingTest extends BenchFixture {
  private static final Instant OLD = Instant.parse("2025-12-31T00:00:00Z");
  private static final Instant NEXT = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void prepare() throws Exception {
    bench.undropWindow = Duration.ofDays(1);
    bench.restart();
  }

  @Test
  void refreshMovesToTheNewestAndPutsTheOldOneIntoTheTrash() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    session.activity();
    publish();

    EnvironmentRecord record = Bench.await(bench.environments.refresh("pr-1", false));

    assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();
    assertThat(bench.open("pr-1").dataTime()).isEqualTo(NEXT);
    assertThat(record.target()).isEqualTo(bench.environments.list().getFirst().target());
    assertThat(bench.environments.trash())
        .extracting(TrashRecord::reason)
        .containsExactly(TrashReason.REFRESHED);
  }

  @Test
  void resetGoesBackToTheSnapshotThatItCameFrom() throws Exception {
    Path socket = bench.open("pr-1").socket();
    publish();

    Bench.await(bench.environments.reset("pr-1", false));

    EnvironmentSession session = bench.open("pr-1");
    assertThat(session.socket()).isNotEqualTo(socket);
    assertThat(session.dataTime()).isEqualTo(OLD);
    assertThat(bench.environments.trash())
        .extracting(TrashRecord::reason)
        .containsExactly(TrashReason.RESET);
  }

  @Test
  void aSnapshotThatIsGoneIsNoPlaceToResetTo() throws Exception {
    Path socket = bench.open("pr-1").socket();
    publish();
    bench.older = List.of();

    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.reset("pr-1", true));

    assertThat(refusal.sqlState()).isEqualTo("55000");
    assertThat(refusal.hint()).contains("Move it to the newest one: REFRESH ENVIRONMENT pr-1");
    assertThat(bench.open("pr-1").socket()).isEqualTo(socket);
  }

  @Test
  void openTransactionsRefuseUnlessForced() throws Exception {
    Path socket = bench.open("pr-1").socket();
    publish();
    bench.work = new ServerWork(true, Duration.ofSeconds(3), 4);

    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.refresh("pr-1", false));

    assertThat(refusal.kind()).isEqualTo(Kind.IN_USE);
    assertThat(refusal.sqlState()).isEqualTo("55006");
    assertThat(refusal.detail())
        .contains("4 sessions are in the middle of a transaction or a statement.");
    assertThat(refusal.hint().orElse("")).endsWith("REFRESH ENVIRONMENT pr-1 FORCE");
    assertThat(bench.open("pr-1").socket()).isEqualTo(socket);
    assertThat(bench.pool.copies).hasValue(1);

    Bench.await(bench.environments.refresh("pr-1", true));
    assertThat(bench.open("pr-1").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void whatBeginsWhileTheCloneIsMadeRefusesToo() throws Exception {
    Path socket = bench.open("pr-1").socket();
    bench.servers.onStarted = server -> bench.work = new ServerWork(true, null);

    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.reset("pr-1", false));
    bench.settle();

    assertThat(refusal.sqlState()).isEqualTo("55006");
    assertThat(bench.open("pr-1").socket()).isEqualTo(socket);
    assertThat(bench.files("clones")).hasSize(1);
    assertThat(bench.files("trash")).isEmpty();
  }

  @Test
  void aServerThatDoesNotAnswerIsMovedByForceOnly() throws Exception {
    bench.open("pr-1");
    bench.watchFailure = new SQLException("silence");

    assertThat(Bench.failureOf(bench.environments.reset("pr-1", false)).sqlState())
        .isEqualTo("55006");
    Bench.await(bench.environments.reset("pr-1", true));
    assertThat(bench.servers.running).hasSize(1);
  }

  @Test
  void aServerThatEndsBeforeItCouldAnswerKeepsNobody() throws Exception {
    bench.open("pr-1").close();
    bench.watchFailure = new SQLException("the database system is in recovery mode");
    FakeServer server = bench.servers.started.getFirst();
    bench.duringLook =
        () -> CompletableFuture.delayedExecutor(50, MILLISECONDS).execute(server::kill);

    Bench.await(bench.environments.reset("pr-1", false));

    assertThat(bench.files("trash")).hasSize(1);
  }

  @Test
  void whatSleepsSleepsOn() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.suspend("pr-1", true));
    publish();

    Bench.await(bench.environments.refresh("pr-1", false));

    assertThat(bench.servers.running).isEmpty();
    assertThat(bench.environments.list().getFirst().state()).isEqualTo(CloneState.SUSPENDED);
    assertThat(bench.open("pr-1").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void whatCannotBeMadeLeavesTheOldOne() throws Exception {
    Path socket = bench.open("pr-1").socket();
    bench.pool.copyFailure = new IOException("no luck");

    assertThat(Bench.failureOf(bench.environments.reset("pr-1", true)).sqlState())
        .isEqualTo("58000");
    bench.settle();
    assertThat(bench.open("pr-1").socket()).isEqualTo(socket);
    assertThat(bench.files("clones")).hasSize(1);
  }

  @Test
  void thereHasToBeOne() throws Exception {
    assertThat(Bench.failureOf(bench.environments.refresh("pr-1", true)).sqlState())
        .isEqualTo("3D000");
    bench.settle();
    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.environments.size()).isZero();
  }

  @Test
  void noMoreRunThanMayMeanwhile() throws Exception {
    bench.limits = new Limits(10, 1);
    bench.restart();
    EnvironmentSession session = bench.open("pr-1");
    session.activity();

    assertThat(Bench.failureOf(bench.environments.reset("pr-1", false)).sqlState())
        .isEqualTo("53400");
    bench.servers.onStarted = server -> assertThat(bench.servers.running).hasSize(1);
    session.close();
    Bench.await(bench.environments.reset("pr-1", false));
    assertThat(bench.servers.running).hasSize(1);

    bench.open("pr-1").activity();
    Bench.await(bench.environments.reset("pr-1", true));
    assertThat(bench.servers.running).hasSize(1);
    assertThat(bench.servers.started).hasSize(3);
  }

  @Test
  void aTokenResetsOnceHoweverManyComeWithIt() throws Exception {
    Path old = bench.open("pr-1").socket();
    publish();
    bench.servers.gate = new CountDownLatch(1);
    List<CompletableFuture<EnvironmentSession>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(withToken("run-7"));
    }
    // Who does not ask for it is served meanwhile.
    assertThat(bench.open("pr-1").socket()).isEqualTo(old);
    Optional.ofNullable(bench.servers.gate).orElseThrow().countDown();

    for (CompletableFuture<EnvironmentSession> each : waiting) {
      assertThat(Bench.await(each).socket()).isNotEqualTo(old);
      assertThat(Bench.await(each).dataTime()).isEqualTo(NEXT);
    }
    assertThat(bench.pool.copies).hasValue(2);

    bench.restart();
    Bench.await(withToken("run-7"));
    assertThat(bench.pool.copies).hasValue(2);
  }

  @Test
  void tokensThatTakeTurnsResetOnceEach() throws Exception {
    bench.open("pr-1");
    List<CompletableFuture<EnvironmentSession>> waiting = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      waiting.add(withToken(i % 2 == 0 ? "a" : "b"));
    }
    for (CompletableFuture<EnvironmentSession> each : waiting) {
      Bench.await(each);
    }
    Bench.await(withToken("a"));

    assertThat(bench.pool.copies).hasValue(3);
  }

  @Test
  void whatIsMadeForATokenIsFresh() throws Exception {
    EnvironmentSession first = Bench.await(withToken("run-1"));
    EnvironmentSession second = Bench.await(withToken("run-1"));

    assertThat(second.socket()).isEqualTo(first.socket());
    assertThat(bench.pool.copies).hasValue(1);
  }

  @Test
  void aTokenWakes() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.suspend("pr-1", true));

    Bench.await(withToken("run-1"));

    assertThat(bench.servers.running).hasSize(1);
    assertThat(bench.pool.copies).hasValue(2);
  }

  @Test
  void aTokenThatCannotBeServedIsTriedAgain() throws Exception {
    Path old = bench.open("pr-1").socket();
    bench.pool.copyFailure = new IOException("no luck");
    assertThat(Bench.failureOf(withToken("run-1")).sqlState()).isEqualTo("58000");
    bench.pool.copyFailure = null;

    assertThat(bench.open("pr-1").socket()).isEqualTo(old);
    assertThat(Bench.await(withToken("run-1")).socket()).isNotEqualTo(old);
  }

  @Test
  void aTokenDoesNotReplaceWhatIsProtected() throws Exception {
    Bench.await(withToken("run-1"));
    Path old = bench.open("pr-1").socket();
    Bench.await(bench.environments.guard("pr-1", true));

    EnvironmentUnavailable refusal = Bench.failureOf(withToken("run-2"));

    assertThat(refusal.sqlState()).isEqualTo("55000");
    assertThat(refusal.hint().orElse("")).endsWith("UNPROTECT ENVIRONMENT pr-1");
    assertThat(bench.open("pr-1").socket()).isEqualTo(old);
    assertThat(Bench.await(withToken("run-1")).socket()).isEqualTo(old);
    assertThat(bench.files("trash")).isEmpty();

    Bench.await(bench.environments.guard("pr-1", false));
    assertThat(Bench.await(withToken("run-2")).socket()).isNotEqualTo(old);
  }

  private CompletableFuture<EnvironmentSession> withToken(String token) {
    return bench.environments.open(new EnvironmentRequest("pr-1", "shop", null, token));
  }

  private void publish() {
    bench.older = bench.newest.stream().toList();
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory, "s2", NEXT));
  }
}
