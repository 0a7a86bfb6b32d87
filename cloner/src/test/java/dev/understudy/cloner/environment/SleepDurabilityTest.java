package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What of an environment that slept is there after a power loss. */
final class SleepDurabilityTest extends SleepFixture {
  @Test
  void powerLossRightAfterASleepLosesNothing() throws Exception {
    bench.open("pr-1").close();
    bench.duringSync =
        () -> {
          assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();
          assertThat(cloneFile()).doesNotContain("SUSPENDED");
        };
    bench.advance(SUSPEND_AFTER);
    assertThat(cloneFile()).contains("SUSPENDED");
    bench.close();

    bench.bootId = "boot-2";
    bench.restart();

    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void whatCouldNotBeSyncedIsNotServedAfterAPowerLoss() throws Exception {
    bench.open("pr-1").close();
    bench.syncFailure = new IOException("Input/output error");
    bench.advance(SUSPEND_AFTER);
    assertThat(isAwake()).isFalse();
    bench.close();
    bench.syncFailure = null;

    bench.bootId = "boot-2";
    bench.restart();

    Bench.await(bench.environments.resume("pr-1"));
    bench.open("pr-1").close(); // its client went away before it could be told
    EnvironmentSession anew = bench.open("pr-1");
    assertThat(anew.creation()).isEmpty();
    assertThat(anew.notices())
        .extracting(EnvironmentNotice::message)
        .containsExactly("environment \"pr-1\" was made anew");
    assertThat(bench.open("pr-1").notices()).isEmpty();
  }

  @Test
  void whatWasWokenSinceIsNotServedAfterAPowerLoss() throws Exception {
    bench.open("pr-1").close();
    bench.advance(SUSPEND_AFTER);
    bench.open("pr-1").close();
    bench.close();
    bench.servers.started.getLast().kill();

    bench.bootId = "boot-2";
    bench.restart();

    assertThat(bench.open("pr-1").creation()).isPresent();
  }

  private String cloneFile() {
    try {
      return Files.readString(bench.files("clones").getFirst().resolve("clone.json"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
