package dev.understudy.cloner.clone;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Stops many servers, some at a time. */
final class Suspension {
  private static final int AT_A_TIME = 8;

  private Suspension() {}

  /** Those that stopped cleanly. */
  static Set<Clone> stop(CloneStarter starter, Collection<Clone> clones)
      throws InterruptedException {
    Set<Clone> stopped = ConcurrentHashMap.newKeySet();
    Semaphore places = new Semaphore(AT_A_TIME);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      for (Clone clone : clones) {
        places.acquire();
        threads.execute(() -> {
          try {
            if (clone.server().isPresent() && starter.stop(clone)) {
              stopped.add(clone);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            places.release();
          }
        });
      }
      places.acquire(AT_A_TIME);
      return stopped;
    } finally {
      threads.shutdownNow();
    }
  }
}
