package dev.understudy.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Where SIGHUP is ignored, as below nohup, its test waits in vain for a line.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
    Process process = start(Worker.class);
    process.toHandle().destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.inputReader().readLine()).isEqualTo("cleaned up");
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void aSecondSignalHurriesTheEnd() throws Exception {
    Process process = start(SlowToEnd.class);
    process.toHandle().destroy();
    assertThat(process.inputReader().readLine()).isEqualTo("waiting for others");
    process.toHandle().destroy();

    assertThat(process.inputReader().readLine()).isEqualTo("in a hurry");
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void aHangupIsWorkForWhoWaitsForIt() throws Exception {
    Process process = start(Reloading.class);
    for (int i = 0; i < 3; i++) {
      new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
      assertThat(process.inputReader().readLine()).isEqualTo("reloaded");
    }
    process.toHandle().destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  /** Returns when it works. */
  private static Process start(Class<?> main) throws IOException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName())
            .redirectErrorStream(true)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("working");
    return process;
  }

  /** Reloads for ever. */
  static final class Reloading {
    private Reloading() {}

    public static void main(String[] args) throws Exception {
      Hangups hangups = Hangups.watch();
      System.exit(
          Termination.guard(() -> {
            System.out.println("working");
            hangups.serve(() -> System.out.println("reloaded"));
            return 1;
          }));
    }
  }

  /** Would wait for others for ever at its end. */
  static final class SlowToEnd {
    private SlowToEnd() {}

    public static void main(String[] args) throws Exception {
      System.exit(
          Termination.guard(
              () -> {
                try {
                  System.out.println("working");
                  new CountDownLatch(1).await();
                  return 1;
                } finally {
                  System.out.println("waiting for others");
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    System.out.println("in a hurry");
                  }
                }
              },
              () -> Duration.ofHours(1)));
    }
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
