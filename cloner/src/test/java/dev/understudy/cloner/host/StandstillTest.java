package dev.understudy.cloner.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StandstillTest {
  private Process process;

  @BeforeEach
  void start() throws Exception {
    process = new ProcessBuilder("sleep", "60").start();
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void lastsUntilItIsClosed() throws Exception {
    try (Standstill _ = Standstill.of(stat().identity(), Duration.ofSeconds(10))) {
      assertThat(stat().isStopped()).isTrue();
    }
    awaitStopped(false);
  }

  @Test
  void oneThatCannotBeToldKeepsNoOtherStopped() throws Exception {
    PidFd handle = PidFd.open(stat().identity()).orElseThrow();
    handle.send(Signal.STOP);
    awaitStopped(true);
    PidFd broken = new PidFd((int) SystemCall.EVENTFD2.call("no process", 0, 0, 0));

    assertThatThrownBy(() -> Standstill.letGo(List.of(broken, handle)))
        .isInstanceOf(IllegalStateException.class);

    awaitStopped(false);
    assertThat(handle.send(Signal.CONT)).as("is closed").isFalse();
  }

  private ProcessStat stat() {
    return ProcessStat.of(process.pid()).orElseThrow();
  }

  private void awaitStopped(boolean stopped) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (stat().isStopped() != stopped) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(5);
    }
  }
}
