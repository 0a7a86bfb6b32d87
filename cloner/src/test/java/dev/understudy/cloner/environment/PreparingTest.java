package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.fake.FakeServer;
import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.config.Access;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Hook;
import dev.understudy.config.Hooks;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import dev.understudy.config.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is done to a clone before anybody gets in. */
@Timeout(60)
class PreparingTest {
  private static final EnvironmentPolicy POLICY =
      new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", Bench.DROP_AFTER)
          .with(
              new Hooks(List.of(new Hook.Script(Path.of("/x.sql"), null)), Duration.ofMinutes(1)));

  @TempDir Path directory;
  private Bench bench;
  private final List<String> hooked = new ArrayList<>();

  @BeforeEach
  void begin() throws Exception {
    bench = new Bench(directory);
    bench.hooks = (clone, policy) -> hooked.add(clone.id());
  }

  @AfterEach
  void end() {
    bench.close();
  }

  private void use(EnvironmentPolicy policy) throws Exception {
    bench.policies = List.of(policy);
    bench.restart();
  }

  private String target() {
    return bench.environments.target("pr-1").orElseThrow().id();
  }

  @Test
  void hooksRunOnceForEachClone() throws Exception {
    use(POLICY.with(RefreshPolicy.AFTER_SNAPSHOT));
    bench.open("pr-1").close();
    String first = target();
    bench.clones.suspend(bench.service.targets());
    bench.open("pr-1").close();
    assertThat(hooked).containsExactly(first);

    bench.newest = Optional.of(FakeSnapshots.shop(directory, "s2"));
    bench.clock.advance(Duration.ofHours(1));
    bench.service.snapshotPublished("prod");
    bench.settle();

    assertThat(target()).isNotEqualTo(first);
    assertThat(hooked).containsExactly(first, target());
  }

  @Test
  void hooksRunAgainForAResetAndForATokenBeforeTheNamePointsThere() throws Exception {
    use(POLICY);
    bench.open("pr-1").close();
    String first = target();
    List<String> served = new ArrayList<>();
    bench.hooks =
        (clone, policy) -> {
          hooked.add(clone.id());
          served.add(target());
        };

    Bench.await(bench.environments.reset("pr-1", true));
    String second = target();
    Bench.await(withToken()).close();

    assertThat(hooked).containsExactly(first, second, target()).doesNotHaveDuplicates();
    assertThat(served).containsExactly(first, second);
  }

  private CompletableFuture<EnvironmentSession> withToken() {
    return bench.environments.open(new EnvironmentRequest("pr-1", "shop", null, "run-1"));
  }

  @Test
  void nobodyGetsInBeforeTheHooksAreThrough() throws Exception {
    use(POLICY);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    bench.hooks =
        (clone, policy) -> {
          begun.countDown();
          go.await();
        };

    var session = bench.environments.open(new EnvironmentRequest("pr-1", "shop"));
    begun.await();
    assertThat(session).isNotDone();
    go.countDown();

    Bench.await(session);
  }

  @Test
  void aHookThatFailsLeavesNothing() throws Exception {
    use(POLICY);
    bench.hooks =
        (clone, policy) -> {
          throw hookFailure();
        };

    assertHookFailed(bench.environments.open(new EnvironmentRequest("pr-1", "shop")));

    bench.settle();
    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.files("environments")).isEmpty();
    assertThat(bench.servers.running).isEmpty();
  }

  @Test
  void aHookThatFailsLeavesWhatThereWasAsItWas() throws Exception {
    use(POLICY.with(RefreshPolicy.AFTER_SNAPSHOT));
    EnvironmentSession session = bench.open("pr-1");
    Path socket = session.socket();
    session.close();
    bench.newest = Optional.of(FakeSnapshots.shop(directory, "s2"));
    bench.older = List.of(FakeSnapshots.shop(directory, "s1"));
    List<String> tried = new ArrayList<>();
    bench.hooks =
        (clone, policy) -> {
          tried.add(clone.origin().snapshot());
          throw hookFailure();
        };

    assertHookFailed(bench.environments.refresh("pr-1", true));
    assertHookFailed(bench.environments.reset("pr-1", true));
    assertHookFailed(withToken());
    bench.clock.advance(Duration.ofHours(1));
    bench.service.snapshotPublished("prod");
    bench.settle();

    assertThat(tried).containsExactly("s2", "s1", "s2", "s2");
    assertThat(bench.open("pr-1").socket()).isEqualTo(socket);
    assertThat(bench.files("clones")).hasSize(1);
    assertThat(bench.servers.running).hasSize(1);
  }

  private static CloneException hookFailure() {
    return new CloneException(Reason.HOOK_FAILED, "hook 1 has failed", "its output", null);
  }

  private static void assertHookFailed(CompletableFuture<?> asked) throws Exception {
    EnvironmentUnavailable failure = Bench.failureOf(asked);
    assertThat(failure.sqlState()).isEqualTo("58000");
    assertThat(failure.detail()).contains("hook 1 has failed\nits output");
  }

  @Test
  void hooksWriteToWhatIsReadOnlyAfterwards() throws Exception {
    use(POLICY.with(Access.READ_ONLY));
    bench.hooks =
        (clone, policy) -> {
          assertThat(clone.server()).isPresent();
          assertThat(bench.servers.standbys).isEmpty();
        };

    bench.open("pr-1");

    assertThat(bench.servers.standbys).hasSize(1);
    assertThat(bench.servers.started).hasSize(2);
    assertThat(lastStart().spec().critical()).containsEntry("hot_standby", "on");
  }

  @Test
  void theNextStartIsOnTheTermsOfToday() throws Exception {
    use(POLICY.with(Access.READ_ONLY).with(new Resources(null, null, null, 1L << 30, null)));
    bench.open("pr-1").close();
    assertThat(lastStart().spec().critical()).containsEntry("temp_file_limit", "1048576kB");
    bench.clones.suspend(bench.service.targets());

    use(POLICY);
    bench.open("pr-1");

    assertThat(bench.servers.standbys).isEmpty();
    assertThat(lastStart().spec().critical()).isEmpty();
  }

  private FakeServer lastStart() {
    return bench.servers.started.getLast();
  }
}
