package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in the order in which they came, on the threads of another executor.
 */
final class SerialExecutor implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

  private final Executor threads;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  SerialExecutor(Executor threads) {
    this.threads = requireNonNull(threads, "threads is null");
  }

  /**
   * Never blocks.
   *
   * @throws RejectedExecutionException if there are no threads any more; the task never runs then
   */
  @Override
  public void execute(Runnable task) {
    synchronized (waiting) {
      if (!running) {
        threads.execute(this::drain);
        running = true;
      }
      waiting.add(task);
    }
  }

  /**
   * As {@link #execute}, if nothing runs or waits.
   *
   * @return false if something does; the task never runs then
   */
  boolean executeIfIdle(Runnable task) {
    synchronized (waiting) {
      if (running) {
        return false;
      }
      execute(task);
      return true;
    }
  }

  private void drain() {
    while (true) {
      Runnable task;
      synchronized (waiting) {
        task = waiting.poll();
        if (task == null) {
          running = false;
          return;
        }
      }
      try {
        task.run();
      } catch (Throwable e) { // also an OutOfMemoryError: the next task is run by nobody else
        LOG.error("a task on an environment failed", e);
      }
    }
  }
}
