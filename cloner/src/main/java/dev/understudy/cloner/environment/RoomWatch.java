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
  private static final Set<String> NOBODY = Set.of();
  private static final Logger LOG = LoggerFactory.getLogger(RoomWatch.class);

  private final EnvironmentHost host;

  // Used by one look at a time.
  private boolean warned;

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

  private void look() {
    try {
      boolean hasRoom = host.clones().hasRoom() || host.roomMaking().make(NOBODY);
      if (!hasRoom && !warned) {
        LOG.error(
            "the pool is nearly full, and there is nothing left to remove: no environment can be"
                + " made. Drop some, or enlarge the file system of the data directory");
      }
      warned = !hasRoom;
      begin();
    } catch (InterruptedException e) {
      LOG.debug("the next daemon looks after the pool");
    } catch (IOException | RuntimeException e) {
      LOG.warn("the pool could not be looked after: {}", e.toString());
      begin();
    }
  }
}
