package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.idle.ServerWork;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Sessions that let go of a server before it stops, or that call it off. */
final class LettingGoTest extends SleepFixture {
  @Test
  void quietSessionLetsGoBeforeTheServerStops() throws Exception {
    EnvironmentSession quiet = bench.open("pr-1");
    quiet.activity();
    AtomicInteger asked = new AtomicInteger();
    quiet.whenStopping(() -> {
      assertThat(isAwake()).isTrue();
      asked.incrementAndGet();
      quiet.close();
      return CompletableFuture.completedFuture(null);
    });

    bench.advance(SUSPEND_AFTER);

    assertThat(asked).hasValue(1);
    assertThat(isAwake()).isFalse();
    assertThat(bench.environments.list().getFirst().sessions()).isZero();
  }

  @Test
  void sessionThatDoesNotAnswerKeepsNobodyUp() throws Exception {
    EnvironmentSession stuck = bench.open("pr-1");
    stuck.activity();
    stuck.whenStopping(CompletableFuture::new);

    bench.advance(SUSPEND_AFTER);

    assertThat(isAwake()).isFalse();
  }

  @Test
  void whatIsSentAtTheLastMomentCallsItOff() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    session.activity();
    session.whenStopping(() -> {
      session.activity();
      return CompletableFuture.completedFuture(null);
    });

    bench.advance(SUSPEND_AFTER);
    assertThat(isAwake()).isTrue();

    bench.advance(SUSPEND_AFTER.minus(SECOND));
    assertThat(isAwake()).isTrue();
  }

  @Test
  void whatRunsAtTheLastMomentCallsItOffBeforeItCountsAsUse() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    session.activity();
    session.whenStopping(() -> {
      bench.work = new ServerWork(true, null);
      return CompletableFuture.completedFuture(null);
    });

    bench.advance(SUSPEND_AFTER);

    assertThat(isAwake()).isTrue();
  }

  @Test
  void sessionsOfWhatIsDroppedLetGoToo() throws Exception {
    EnvironmentSession quiet = bench.open("pr-1");
    AtomicInteger running = new AtomicInteger();
    quiet.whenStopping(() -> {
      running.set(bench.servers.running.size());
      return CompletableFuture.completedFuture(null);
    });

    Bench.await(bench.environments.drop("pr-1"));

    assertThat(running).hasValue(1);
  }
}
