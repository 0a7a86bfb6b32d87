package dev.understudy.cloner.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A daemon that never gives the word, run and killed by {@link UnhappyStartIT}. */
final class HesitantMain {
  private HesitantMain() {}

  /**
   * Arguments: an empty directory, the home of PostgreSQL, the sandbox. Prints the pid of the
   * process that waits.
   */
  public static void main(String[] args) throws Exception {
    Workbench bench = Workbench.make(Path.of(args[0]), Path.of(args[1]), args[2]);
    bench.data("a", new ServerConfiguration(false, Map.of()));
    RunningServer server =
        bench
            .servers()
            .start(
                bench.spec("a"),
                identity -> {
                  System.out.println(identity.pid());
                  waitForEver();
                },
                Duration.ofMinutes(5));
    throw new IllegalStateException("started " + server);
  }

  private static void waitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
