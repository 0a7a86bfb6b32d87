package dev.understudy.cloner.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessTreeTest {
  @Test
  void theWorkOfChildrenCountsAlsoWhenTheyHaveEnded() throws Exception {
    Process shell =
        new ProcessBuilder(
                "bash",
                "-c",
                "work() { for ((i = 0; i < 100000; i++)); do :; done; }; (work); echo; read; (work;"
                    + " echo; read)")
            .start();
    try {
      ProcessIdentity identity = ProcessStat.of(shell.pid()).orElseThrow().identity();
      assertThat(shell.getInputStream().read()).isEqualTo('\n');
      Duration ofTheEnded = ProcessTree.processorTime(identity).orElseThrow();
      assertThat(ofTheEnded).isGreaterThanOrEqualTo(Duration.ofMillis(30));

      shell.outputWriter().append('\n').flush();
      assertThat(shell.getInputStream().read()).isEqualTo('\n');
      assertThat(ProcessTree.processorTime(identity).orElseThrow())
          .isGreaterThanOrEqualTo(ofTheEnded.plusMillis(30));
      assertThat(identity.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
    } finally {
      shell.destroyForcibly();
      assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whoHasThePidOfAnotherIsNotTakenForIt() {
    ProcessIdentity self = ProcessStat.of(ProcessHandle.current().pid()).orElseThrow().identity();

    assertThat(ProcessTree.processorTime(self)).isPresent();
    assertThat(
            ProcessTree.processorTime(
                new ProcessIdentity(self.bootId(), self.pid(), self.startTicks() - 1)))
        .isEqualTo(Optional.empty());
  }
}
