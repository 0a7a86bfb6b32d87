package dev.understudy.cloner.alarm;

import dev.understudy.cloner.fake.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Alarms of a manual clock: they ring while it advances, on the thread that advances it. */
public final class ManualAlarms implements Alarms {
  private final ManualClock clock;
  private final List<Pending> pending = new ArrayList<>();
  private Duration unnoticed = Duration.ZERO;
  private final List<Consumer<Jump>> onJump = new ArrayList<>();

  public ManualAlarms(ManualClock clock) {
    this.clock = clock;
  }

  @Override
  public Alarm at(Instant time, Runnable task) {
    return add(new Pending(time, task, false));
  }

  @Override
  public Alarm in(Duration delay, Runnable task) {
    return add(new Pending(clock.instant().plus(delay), task, true));
  }

  private Alarm add(Pending added) {
    synchronized (pending) {
      pending.add(added);
      pending.notifyAll();
    }
    return () -> {
      synchronized (pending) {
        pending.remove(added);
      }
    };
  }

  @Override
  public void onJump(Consumer<Jump> task) {
    onJump.add(task);
  }

  @Override
  public void lookAtClock() {
    Jump jump;
    synchronized (pending) {
      jump = new Jump(unnoticed, clock.instant());
      unnoticed = Duration.ZERO;
    }
    if (!jump.by().isZero()) {
      onJump.forEach(task -> task.accept(jump));
    }
  }

  /** The clock is set, and alarms are looked at. */
  public void jump(Duration duration) {
    jumpUnnoticed(duration);
    advance(Duration.ZERO);
  }

  /** The clock is set; no alarm rings before time passes. */
  public void jumpUnnoticed(Duration duration) {
    synchronized (pending) {
      clock.advance(duration);
      unnoticed = unnoticed.plus(duration);
      pending.stream().filter(alarm -> alarm.own).forEach(a -> a.time = a.time.plus(duration));
    }
  }

  @Override
  public void close() {
    synchronized (pending) {
      pending.clear();
    }
  }

  /** Waits for that many to be set. */
  public void awaitCount(int count) throws InterruptedException {
    synchronized (pending) {
      while (pending.size() < count) {
        pending.wait();
      }
    }
  }

  public int count() {
    synchronized (pending) {
      return pending.size();
    }
  }

  public void advance(Duration duration) {
    clock.advance(duration);
    lookAtClock();
    List<Pending> due;
    synchronized (pending) {
      due = pending.stream().filter(alarm -> !alarm.time.isAfter(clock.instant())).toList();
      pending.removeAll(due);
    }
    due.forEach(alarm -> alarm.task.run());
  }

  /** Moves along with the clock where that is set, if it is of the host's own time. */
  private static final class Pending {
    private final Runnable task;
    private final boolean own;
    private Instant time;

    private Pending(Instant time, Runnable task, boolean own) {
      this.time = time;
      this.task = task;
      this.own = own;
    }
  }
}
