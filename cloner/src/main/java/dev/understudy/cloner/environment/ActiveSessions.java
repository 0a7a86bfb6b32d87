package dev.understudy.cloner.environment;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions on one environment. Thread-safe. */
final class ActiveSessions {
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

  /** When the youngest of those that have not sent anything yet came. */
  Optional<Instant> lastConnecting() {
    return open.stream()
        .filter(Session::isConnecting)
        .map(Session::openedAt)
        .max(Comparator.naturalOrder());
  }
}
