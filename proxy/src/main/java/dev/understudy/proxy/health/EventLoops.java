package dev.understudy.proxy.health;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.ArrayList;
import java.util.List;

/** The loops of one group, each with its watch. Thread-safe. */
public final class EventLoops {
  private final List<Watched> all = new ArrayList<>();

  /** One of them. */
  private record Watched(EventExecutor loop, EventLoopWatch watch) {
    EventLoopHealth health() {
      int pending = loop instanceof SingleThreadEventExecutor queue ? queue.pendingTasks() : 0;
      return new EventLoopHealth(watch.delay(), pending);
    }
  }

  public EventLoops(EventLoopGroup group) {
    group.forEach(loop -> all.add(new Watched(loop, new EventLoopWatch(System::nanoTime))));
  }

  /** From now on they are watched, until they end. Called once. */
  public void begin() {
    all.forEach(watched -> watched.watch().begin(watched.loop()));
  }

  /** Before {@link #begin} it means nothing. Cheap. */
  public List<EventLoopHealth> health() {
    return all.stream().map(Watched::health).toList();
  }
}
