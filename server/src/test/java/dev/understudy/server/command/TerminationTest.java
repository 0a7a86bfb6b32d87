package dev.understudy.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TerminationTest {
  @Test
  void withoutASignalTheWorkDecides() throws Exception {
    assertThat(Termination.guard(() -> 7)).isEqualTo(7);
    assertThatThrownBy(() ->
            Termination.guard(() -> {
              throw new IOException("broken");
            }))
        .hasMessage("broken");
  }

  @Test
  void aSignalInterruptsTheWorkAndItsCleaningUpIsWaitedFor() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName())
            .redirectErrorStream(true)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("working");
    process.toHandle().destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.inputReader().readLine()).isEqualTo("cleaned up");
    assertThat(process.exitValue()).isZero();
  }

  /** Works for ever. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) throws Exception {
      System.exit(
          Termination.guard(() -> {
            try {
              System.out.println("working");
              new CountDownLatch(1).await();
              return 1;
            } finally {
              System.out.println("cleaned up");
            }
          }));
    }
  }
}
