package dev.understudy.cloner.environment;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks each minute whether the pool has room, and makes some where it has none. */
final class RoomWatch {
  static final Duration PERIOD = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(RoomWatch.class);

  private final EnvironmentHost host;

  // Used by one look at a time.
  private boolean warned;
  private boolean warnedEarly;

  RoomWatch(EnvironmentHost host) {
    this.host = host;
  }

  /** Called once. */
  void begin() {
    var _ = host.alarms().in(PERIOD, this::submit);
  }

  private void submit() {
    try {
      host.threads().execute(this::look);
    } catch (RejectedExecutionException e) {
      LOG.debug("the next daemon looks after the pool");
    } catch (Throwable e) { // there may be no room for a thread
      LOG.warn("nobody looked after the pool: {}", e.toString());
      begin();
    }
  }

  /** Before anything has to go. */
  private void warnEarly() throws IOException {
    boolean low = host.clones().isLow();
    if (low && !warnedEarly) {
      LOG.warn(
          "the pool gets full: {} MiB are free, less than twice what pool.min-free keeps; below"
              + " that, the trash, spares and the environments idle for longest go",
          host.clones().freeBytes() >> 20);
    }
    warnedEarly = low;
  }

  private void look() {
    try {
      boolean hasRoom = host.clones().hasRoom(0) || host.roomMaking().make(Set.of(), 0);
      if (!hasRoom && !warned) {
        LOG.error(
            "the pool is nearly full, and there is nothing left to remove: no environment can be"
                + " made. Drop some, or enlarge the file system of the data directory");
      }
      warned = !hasRoom;
      warnEarly();
      begin();
    } catch (InterruptedException e) {
      LOG.debug("the next daemon looks after the pool");
    } catch (IOException | RuntimeException e) {
      LOG.warn("the pool could not be looked after: {}", e.toString());
      begin();
    }
  }
}
