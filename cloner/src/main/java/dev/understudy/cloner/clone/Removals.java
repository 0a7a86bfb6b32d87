package dev.understudy.cloner.clone;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes trees in the background, a few at a time. Thread-safe. */
final class Removals implements AutoCloseable {
  private static final int AT_A_TIME = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

  private final CloneRemover remover;
  private final Semaphore places = new Semaphore(AT_A_TIME, true);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("removal-", 0).factory());
  private int underWay;

  Removals(CloneRemover remover) {
    this.remover = remover;
  }

  void add(Clone clone) {
    submit(clone.toString(), () -> remover.delete(clone));
  }

  void add(Path directory, Path socketDirectory) {
    submit(
        "clone directory " + directory, () -> remover.deleteDirectory(directory, socketDirectory));
  }

  private void submit(String what, Deletion deletion) {
    count(1);
    try {
      threads.execute(() -> run(what, deletion));
    } catch (RejectedExecutionException e) {
      count(-1);
      LOG.info("{} is left to the next daemon to delete", what);
    }
  }

  private void run(String what, Deletion deletion) {
    try {
      places.acquire();
      try {
        deletion.run();
        LOG.debug("{} deleted", what);
      } finally {
        places.release();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} could not be deleted, the next start tries again: {}", what, e.toString());
    } catch (InterruptedException e) {
      LOG.info("{} is left to the next daemon to delete", what);
    } finally {
      count(-1);
    }
  }

  private synchronized void count(int change) {
    underWay += change;
    notifyAll();
  }

  /** True once none is under way. */
  synchronized boolean await(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (underWay > 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  @Override
  public void close() {
    threads.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      if (!threads.awaitTermination(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        threads.shutdownNow();
        if (!threads.awaitTermination(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
          LOG.warn("a deletion did not end in time");
        }
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @FunctionalInterface
  private interface Deletion {
    void run() throws IOException;
  }
}
