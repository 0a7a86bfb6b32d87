package dev.understudy.server.command;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ExitCode;

/**
 * Turns SIGTERM, SIGINT and SIGHUP into an interrupt of the thread that works, so that there is one
 * way to clean up, and ends the process when that thread has done so.
 */
final class Termination {
  private static final long PATIENCE_SECONDS = 90;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean requested;
  private volatile int code = ExitCode.SOFTWARE;

  private Termination() {}

  /**
   * Runs until it returns or a signal interrupts it.
   *
   * @return the work's exit code; 0 after a signal that the work obeyed
   */
  static int guard(Callable<Integer> work) throws Exception {
    Termination termination = new Termination();
    Thread hook = new Thread(termination::end, "termination");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      termination.code = work.call();
    } catch (InterruptedException e) {
      if (!termination.requested) {
        throw e;
      }
      termination.code = ExitCode.OK;
    } catch (Exception e) {
      if (!termination.requested) {
        throw e;
      }
      System.err.println("understudy: ended in the midst of its work: " + e.getMessage());
    } finally {
      termination.done.countDown();
      if (!termination.requested) {
        remove(hook);
      }
    }
    return termination.code;
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
    worker.interrupt();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("understudy: not stopped after " + PATIENCE_SECONDS + " s, giving up");
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, the end is what is wanted.
    }
    System.err.flush();
    Runtime.getRuntime().halt(code);
  }
}
