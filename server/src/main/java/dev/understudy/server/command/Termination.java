package dev.understudy.server.command;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * Turns SIGTERM, SIGINT and, where nobody else has it, SIGHUP into an interrupt of the thread that
 * works, so that there is one way to clean up, and ends the process when that thread has done so.
 */
public final class Termination {
  /**
   * Beside the time that sessions get. Servers may have to be stopped, and disks to be waited for.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(160);

  private static final List<String> AGAIN = List.of("TERM", "INT");

  private final Thread worker = Thread.currentThread();
  private final @Nullable Supplier<Duration> drainTimeout;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean requested;
  private volatile int code = ExitCode.SOFTWARE;

  private Termination(@Nullable Supplier<Duration> drainTimeout) {
    this.drainTimeout = drainTimeout;
  }

  /**
   * Runs until it returns or a signal interrupts it. Other signals than the first change nothing:
   * all is cleaned up.
   *
   * @return the work's exit code; 0 after a signal that the work obeyed
   */
  public static int guard(Callable<Integer> work) throws Exception {
    return new Termination(null).run(work);
  }

  /**
   * The same, of work that waits for others at its end: a second signal is a second interrupt,
   * which hurries that.
   *
   * @param drainTimeout how long the work waits for others at its end, asked when that begins
   */
  public static int guard(Callable<Integer> work, Supplier<Duration> drainTimeout)
      throws Exception {
    return new Termination(drainTimeout).run(work);
  }

  /** Ends this process as SIGTERM does. Returns at once. */
  static void begin() {
    Thread.ofPlatform().daemon().name("end").start(() -> System.exit(ExitCode.OK));
  }

  private int run(Callable<Integer> work) throws Exception {
    Thread hook = new Thread(this::end, "termination");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      code = work.call();
    } catch (InterruptedException e) {
      if (!requested) {
        throw e;
      }
      code = ExitCode.OK;
    } catch (Exception e) {
      if (!requested) {
        throw e;
      }
      System.err.println("understudy: ended in the midst of its work: " + e.getMessage());
    } finally {
      done.countDown();
      if (!requested) {
        remove(hook);
      }
    }
    return code;
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // A signal has just begun the end, which waits for us no longer.
    }
  }

  /** Runs in the shutdown hook; without {@code halt} the JVM would make an exit code of its own. */
  private void end() {
    requested = true;
    Duration patience = PATIENCE;
    if (drainTimeout != null) {
      patience = patience.plus(drainTimeout.get());
      AGAIN.forEach(signal -> Signals.handle(signal, worker::interrupt));
    }
    worker.interrupt();
    try {
      if (!done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        System.err.println(
            "understudy: not stopped after " + patience.toSeconds() + " s, giving up");
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, the end is what is wanted.
    }
    System.err.flush();
    Runtime.getRuntime().halt(code);
  }
}
