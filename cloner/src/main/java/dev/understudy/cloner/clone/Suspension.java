package dev.understudy.cloner.clone;

import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the servers of many clones, some at a time, and brings what they wrote to the disk. */
final class Suspension {
  private static final int AT_A_TIME = 8;
  private static final Logger LOG = LoggerFactory.getLogger(Suspension.class);

  private final CloneHost host;
  private final CloneStarter starter;

  Suspension(CloneHost host, CloneStarter starter) {
    this.host = host;
    this.starter = starter;
  }

  /** As {@link Clones#sync}. */
  void sync(Collection<Clone> clones) throws IOException {
    write(clones);
    for (Clone clone : clones) {
      if (!clone.record().isOnDisk()) {
        clone.record(clone.record().synced());
      }
    }
  }

  /** As {@link Clones#settle}. */
  void settle(Collection<Clone> stopped) throws IOException {
    write(stopped);
    for (Clone clone : stopped) {
      clone.record(clone.record().synced().suspended());
    }
  }

  /** As {@link Clones#recordSleep}. */
  void recordSleep(Collection<Clone> stopped) throws IOException {
    for (Clone clone : stopped) {
      clone.record(clone.record().suspended());
    }
  }

  /** As {@link Clones#flush}. */
  Flushed flush(Collection<Clone> clones) throws IOException {
    Flushed flushed = Flushed.of(clones);
    write(flushed.clones());
    return flushed;
  }

  private void write(Collection<Clone> clones) throws IOException {
    host.pool()
        .sync(
            clones.stream().filter(clone -> !clone.record().isOnDisk()).map(Clone::data).toList());
  }

  /** As {@link Clones#stop}. */
  Set<Clone> stop(Collection<Clone> clones) throws InterruptedException {
    Set<Clone> stopped = ConcurrentHashMap.newKeySet();
    Semaphore places = new Semaphore(AT_A_TIME);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      for (Clone clone : clones) {
        places.acquire();
        threads.execute(() -> {
          try {
            if (clone.record().server() != null) {
              end(clone);
              stopped.add(clone);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            LOG.warn("{}: a process of its server does not end, though it was killed", clone, e);
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

  /** What a server that was killed has written is as whole as what one that stopped has. */
  private void end(Clone clone) throws InterruptedException {
    boolean ran = clone.server().isPresent();
    if (!starter.stop(clone)) {
      LOG.warn(
          "{}: its server {}. What was committed is kept: the next start recovers it, and empties"
              + " unlogged tables",
          clone,
          ran ? "did not stop within its time, and was killed" : "had ended by itself");
    }
  }
}
