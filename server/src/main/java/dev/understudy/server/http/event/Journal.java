package dev.understudy.server.http.event;

import dev.understudy.server.operate.Actor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The latest events, and who hears of new ones. Thread-safe. */
final class Journal {
  /** That are remembered. */
  static final int MOST = 1_000;

  static final int MOST_CLIENTS = 64;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private final Deque<Event> latest = new ArrayDeque<>();
  private final List<Subscription> subscriptions = new ArrayList<>();

  /** Ids of one span of time in which nothing was missed begin with the same. */
  private String span = newSpan();

  private long number;

  private static String newSpan() {
    return UUID.randomUUID().toString();
  }

  synchronized void publish(String type, Object data, Predicate<Actor> audience) {
    number++;
    Event event = new Event(lastId(), type, data, audience);
    latest.addLast(event);
    if (latest.size() > MOST) {
      latest.removeFirst();
    }
    List.copyOf(subscriptions).forEach(subscription -> subscription.tell(event));
  }

  private String lastId() {
    return span + "-" + number;
  }

  synchronized boolean isFull() {
    return subscriptions.size() >= MOST_CLIENTS;
  }

  synchronized boolean isDeserted() {
    return subscriptions.isEmpty();
  }

  /**
   * Begins with what has happened since an event, or with {@code reset} where that is not known any
   * more, and with {@code ready}.
   *
   * @param lastId null: what has happened does not matter
   */
  synchronized Subscription subscribe(Actor actor, @Nullable String lastId) {
    Subscription subscription = new Subscription(actor, this::remove);
    if (lastId != null && !replay(subscription, lastId)) {
      subscription.tell(new Event(lastId(), "reset", Map.of(), _ -> true));
    }
    subscription.tell(new Event(lastId(), "ready", Map.of(), _ -> true));
    subscriptions.add(subscription);
    return subscription;
  }

  private boolean replay(Subscription subscription, String lastId) {
    String prefix = span + "-";
    String rest = lastId.startsWith(prefix) ? lastId.substring(prefix.length()) : "";
    if (!NUMBER.matcher(rest).matches()) {
      return false;
    }
    long missed = number - Long.parseLong(rest);
    if (missed < 0 || missed > latest.size()) {
      return false;
    }
    latest.stream().skip(latest.size() - missed).forEach(subscription::tell);
    return true;
  }

  private synchronized void remove(Subscription subscription) {
    subscriptions.remove(subscription);
  }

  /** Ends all streams; who comes back has missed nothing. */
  synchronized void endAll() {
    subscriptions.forEach(Subscription::end);
    subscriptions.clear();
  }

  /** From now on nobody looks: who comes back has to begin anew. */
  synchronized void forget() {
    latest.clear();
    span = newSpan();
    number = 0;
  }
}
