package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Environments that an earlier daemon made under other settings. */
final class OtherSettingsTest extends BenchFixture {
  @Test
  void environmentWithoutPolicyIsKeptAndServesNobody() throws Exception {
    bench.open("pr-1").close();
    bench.policies = List.of();

    bench.restart();

    assertThat(bench.environments.list()).hasSize(1);
    assertThat(bench.alarms.count()).as("only those of the logs and the pool").isEqualTo(2);
    assertThat(bench.environments.open(new EnvironmentRequest("pr-1", "shop")))
        .isCompletedExceptionally();
  }

  @Test
  void environmentOfAnotherSourceThanThePolicysServesNobody() throws Exception {
    bench.open("pr-1").close();
    bench.open("staging").close();
    List<EnvironmentPolicy> original = bench.policies;
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "other", "shop", Bench.DROP_AFTER),
            original.getLast());

    bench.restart();

    assertThat(bench.environments.open(new EnvironmentRequest("pr-1", "shop")))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(EnvironmentUnavailable.class)
        .withMessageContaining("environment \"pr-1\" is of another source");
    assertThat(bench.open("staging").creation()).isEmpty();

    bench.policies = original;
    bench.restart();

    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void environmentWithoutDataIsMadeFromThePolicysSource() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.servers.started.getFirst().kill();
    bench.bootId = "boot-2";
    bench.policies =
        List.of(new EnvironmentPolicy(new NamePattern("pr-*"), "other", "shop", Bench.DROP_AFTER));

    bench.restart();

    assertThat(bench.open("pr-1").creation()).isPresent();
  }
}
