package dev.understudy.cloner.environment;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room in a pool of which less is free than is to stay so: at the cost of the trash first,
 * then of spares, then of the environments that have been idle for longest; of these as long as
 * their ends free anything. One at a time does so, and those who wait for it look first whether
 * there is room by then.
 */
final class RoomMaking {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Blocks are given back some time after a tree is gone. */
  private static final Duration FREEING = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(100);

  /** So many pauses without a gain are the end of it. */
  private static final int STILL = 3;

  private static final Logger LOG = LoggerFactory.getLogger(RoomMaking.class);

  private final EnvironmentHost host;
  private final Semaphore turn;

  /**
   * @param turn one place
   */
  RoomMaking(EnvironmentHost host, Semaphore turn) {
    this.host = host;
    this.turn = turn;
  }

  /**
   * Returns true once there is room. Blocks, for about two minutes at most.
   *
   * @param forWhom names of environments, which stay
   * @param bytes that are to be written
   */
  boolean make(Set<String> forWhom, long bytes) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    if (!turn.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      while (!host.clones().hasRoom(bytes)) {
        if (System.nanoTime() - deadline > 0 || !giveUpSomething(forWhom, bytes)) {
          return host.clones().hasRoom(bytes);
        }
      }
      return true;
    } catch (IOException e) {
      LOG.warn("the pool does not tell its free space: {}", e.toString());
      return false;
    } finally {
      turn.release();
    }
  }

  private boolean giveUpSomething(Set<String> forWhom, long bytes)
      throws IOException, InterruptedException {
    long before = host.clones().freeBytes();
    if (host.trash().removeOldest(FREEING) || host.spares().giveWay()) {
      awaitRoom(before, bytes);
      return true;
    }
    if (!evictOne(forWhom)) {
      return false;
    }
    awaitRoom(before, bytes);
    return host.clones().freeBytes() > before;
  }

  private boolean evictOne(Set<String> forWhom) throws InterruptedException {
    List<Environment> oldestFirst =
        host.population().existing().stream()
            .filter(environment -> !forWhom.contains(environment.name()))
            .sorted(Comparator.comparing(environment -> environment.activity().last()))
            .toList();
    for (Environment environment : oldestFirst) {
      if (environment.evicting().run()) {
        return true;
      }
    }
    return false;
  }

  /** Until there is room, or nothing more comes of what was removed. */
  private void awaitRoom(long before, long bytes) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + FREEING.toNanos();
    host.clones().awaitRemovals(FREEING);
    host.clones().reclaim();
    long free = host.clones().freeBytes();
    int still = 0;
    while (!host.clones().hasRoom(bytes)
        && System.nanoTime() - deadline < 0
        && (free <= before || still < STILL)) {
      Thread.sleep(PAUSE);
      host.clones().reclaim();
      long now = host.clones().freeBytes();
      still = now > free ? 0 : still + 1;
      free = now;
    }
  }
}
