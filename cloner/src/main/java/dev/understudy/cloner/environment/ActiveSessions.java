package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.idle.Idleness;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions on one environment. Thread-safe. */
final class ActiveSessions {
  /** For sessions to let go of a server; it takes an event loop's turn. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(ActiveSessions.class);

  private final Set<Session> open = ConcurrentHashMap.newKeySet();

  void add(Session session) {
    open.add(session);
  }

  void remove(Session session) {
    open.remove(session);
  }

  int count() {
    return open.size();
  }

  boolean isAnyOn(Clone clone) {
    return open.stream().anyMatch(session -> session.isOn(clone));
  }

  /** When the youngest of those that have not sent anything yet came. */
  Optional<Instant> lastConnecting() {
    return open.stream()
        .filter(Session::isConnecting)
        .map(Session::openedAt)
        .max(Comparator.naturalOrder());
  }

  boolean isAnyConnecting(Instant now) {
    return open.stream()
        .filter(Session::isConnecting)
        .map(Session::openedAt)
        .anyMatch(time -> !time.isAfter(now) && time.plus(Idleness.CONNECTING).isAfter(now));
  }

  /**
   * To be called before the server of a clone is stopped: quiet sessions on it let go of it, and
   * are no sessions of the environment any more. Waits for that, for a moment at most.
   */
  void letGo(Clone clone) {
    CompletableFuture<?>[] decisions =
        open.stream()
            .filter(session -> session.isOn(clone))
            .map(Session::letGo)
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(decisions).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("{}: a session does not let go of its server", clone, e);
    }
  }
}
