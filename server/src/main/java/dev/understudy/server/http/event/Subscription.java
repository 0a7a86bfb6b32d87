package dev.understudy.server.http.event;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.operate.Actor;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one client has still to be told. Who does not read is given up, rather than that its events
 * fill the memory: it may come back with the id of the last one that it has seen.
 */
final class Subscription implements AutoCloseable {
  /** More than the journal has, which may be told at the beginning. */
  private static final int MOST = 2 * Journal.MOST;

  private final Actor actor;
  private final Consumer<Subscription> close;
  private final BlockingQueue<Event> waiting = new LinkedBlockingQueue<>(MOST);
  private volatile boolean over;

  Subscription(Actor actor, Consumer<Subscription> close) {
    this.actor = requireNonNull(actor, "actor is null");
    this.close = requireNonNull(close, "close is null");
  }

  /** Does not block. */
  void tell(Event event) {
    if (event.audience().test(actor) && !waiting.offer(event)) {
      end();
    }
  }

  /** There is no more to come. */
  void end() {
    over = true;
    waiting.clear();
    // Whoever waits has to look up.
    boolean _ = waiting.offer(new Event("", "", "", _ -> true));
  }

  boolean isOver() {
    return over;
  }

  /** The next one; null: there was none for so long. */
  @Nullable Event next(Duration longest) throws InterruptedException {
    return waiting.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    close.accept(this);
  }
}
