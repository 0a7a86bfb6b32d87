package dev.understudy.server.http.event;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.http.environment.EnvironmentBody;
import dev.understudy.server.http.source.Copies.Copy;
import dev.understudy.server.http.source.SnapshotBody;
import dev.understudy.server.operate.Actor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what changes, by looking several times a second as long as somebody wants to know, and some
 * minutes longer. What is over between two looks is not told. Thread-safe.
 */
final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Duration INTERVAL = Duration.ofMillis(250);

  /** After which those who were here last have to begin anew. */
  private static final Duration LINGER = Duration.ofMinutes(2);

  private final Journal journal;
  private final Watched watched;

  private @Nullable Thread thread;
  private boolean closed;
  private Map<String, EnvironmentBody> lastEnvironments = Map.of();
  private Map<String, SnapshotBody> lastSnapshots = Map.of();
  private Set<Copy> lastCopies = Set.of();

  Watch(Journal journal, Watched watched) {
    this.journal = requireNonNull(journal, "journal is null");
    this.watched = requireNonNull(watched, "watched is null");
  }

  /**
   * As {@link Journal#subscribe}; begins to look, if nobody does. What has changed before this is
   * called is told to whoever comes back before {@code ready}, and what changes after it returns
   * later.
   */
  synchronized Subscription subscribe(Actor actor, @Nullable String lastId) {
    ensure();
    if (lastId != null) {
      look();
    }
    return journal.subscribe(actor, lastId);
  }

  private void ensure() {
    if (thread == null && !closed) {
      lastEnvironments = byName();
      lastSnapshots = byId();
      lastCopies = Set.copyOf(watched.copies().get());
      thread = Thread.ofVirtual().name("events").start(this::run);
    }
  }

  private void run() {
    long wantedNanos = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        look();
        long now = System.nanoTime();
        if (!journal.isDeserted()) {
          wantedNanos = now;
        } else if (now - wantedNanos > LINGER.toNanos() && end()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private synchronized boolean end() {
    if (!journal.isDeserted()) {
      return false;
    }
    thread = null;
    journal.forget();
    return true;
  }

  private synchronized void look() {
    try {
      lastEnvironments =
          compare(lastEnvironments, byName(), EnvironmentBody::withoutActivity, this::tell);
      tellCopies();
      lastSnapshots = compare(lastSnapshots, byId(), Function.identity(), this::tell);
    } catch (RuntimeException e) {
      LOG.warn("what has changed cannot be told", e);
    }
  }

  private void tellCopies() {
    Set<Copy> copies = Set.copyOf(watched.copies().get());
    for (Copy copy : copies) {
      if (!lastCopies.contains(copy)) {
        journal.publish("copy", copy, actor -> true);
      }
    }
    lastCopies = copies;
  }

  private Map<String, EnvironmentBody> byName() {
    return watched.environments().get().stream()
        .collect(Collectors.toMap(EnvironmentBody::name, Function.identity()));
  }

  private Map<String, SnapshotBody> byId() {
    return watched.snapshots().get().stream()
        .collect(Collectors.toMap(SnapshotBody::id, Function.identity()));
  }

  private interface Teller<T> {
    void tell(Change change, T thing);
  }

  private enum Change {
    CREATED("created", "published"),
    CHANGED("changed", "changed"),
    REMOVED("dropped", "removed");

    private final String environment;
    private final String snapshot;

    Change(String environment, String snapshot) {
      this.environment = environment;
      this.snapshot = snapshot;
    }
  }

  private static <T> Map<String, T> compare(
      Map<String, T> before, Map<String, T> now, Function<T, T> essence, Teller<T> teller) {
    before.forEach((key, thing) -> {
      if (!now.containsKey(key)) {
        teller.tell(Change.REMOVED, thing);
      }
    });
    Map<String, T> last = new HashMap<>(before);
    now.forEach((key, thing) -> {
      T former = last.get(key);
      if (former == null) {
        teller.tell(Change.CREATED, thing);
      } else if (!essence.apply(former).equals(essence.apply(thing))) {
        teller.tell(Change.CHANGED, thing);
      }
    });
    return now;
  }

  private void tell(Change change, EnvironmentBody environment) {
    journal.publish(
        "environment",
        Map.of("change", change.environment, "environment", environment),
        actor -> actor.sees(environment.name(), environment.owner()));
  }

  private void tell(Change change, SnapshotBody snapshot) {
    journal.publish(
        "snapshot", Map.of("change", change.snapshot, "snapshot", snapshot), actor -> true);
  }

  /** Nobody looks any more. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
