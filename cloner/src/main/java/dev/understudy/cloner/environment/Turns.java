package dev.understudy.cloner.environment;

import java.util.ArrayDeque;
import java.util.Queue;

/** Lets a number of things be done side by side; the others wait, without a thread. Thread-safe. */
final class Turns {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int free;

  /**
   * @param sideBySide at least 1
   */
  Turns(int sideBySide) {
    this.free = sideBySide;
  }

  /**
   * Somebody wants a turn.
   *
   * @param begin called at once, or later by whoever gives a turn back; must not block, and sees to
   *     it that {@link #giveBack} is called once
   */
  void take(Runnable begin) {
    synchronized (this) {
      if (free == 0) {
        waiting.add(begin);
        return;
      }
      free--;
    }
    begin.run();
  }

  void giveBack() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        free++;
        return;
      }
    }
    next.run();
  }
}
