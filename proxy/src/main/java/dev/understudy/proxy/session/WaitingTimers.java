package dev.understudy.proxy.session;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** When a client that waits is told so, and when its wait is over. On its event loop. */
final class WaitingTimers {
  private final Future<?> notice;
  private final Future<?> deadline;

  WaitingTimers(
      EventLoop eventLoop,
      Duration noticeAfter,
      Runnable sendNotice,
      Duration timeout,
      Runnable giveUp) {
    this.notice = schedule(eventLoop, noticeAfter, sendNotice);
    this.deadline = schedule(eventLoop, timeout, giveUp);
  }

  private static Future<?> schedule(EventLoop eventLoop, Duration delay, Runnable task) {
    return eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  void cancel() {
    notice.cancel(false);
    deadline.cancel(false);
  }
}
