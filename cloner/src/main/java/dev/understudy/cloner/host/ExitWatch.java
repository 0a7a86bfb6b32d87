package dev.understudy.cloner.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the end of any number of processes, children of ours or not, in one thread of its own
 * and without asking again and again. The futures complete in threads that may block.
 */
public final class ExitWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExitWatch.class);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(200);
  private static final int POLLFD = 8;
  private static final int REVENTS = 6;
  private static final short POLLIN = 1;

  private record Watched(PidFd process, CompletableFuture<Void> exit) {}

  private final int wakeUp;
  private final Queue<Watched> added = new ConcurrentLinkedQueue<>();
  private final Thread thread;

  /** Written under this object's lock; {@code wakeUp} is open as long as it is false. */
  private volatile boolean closed;

  public ExitWatch() throws SystemCallException {
    wakeUp =
        (int)
            SystemCall.EVENTFD2.call(
                "exit watch", 0, SystemCall.O_NONBLOCK | SystemCall.O_CLOEXEC, 0);
    thread = Thread.ofPlatform().daemon().name("exit-watch").start(this::run);
  }

  /**
   * Takes over the descriptor: it is closed when the process has ended.
   *
   * @return completes when the process has ended; if it is the first of a pid namespace, when every
   *     process in there has
   */
  public CompletableFuture<Void> watch(PidFd process) {
    CompletableFuture<Void> exit = new CompletableFuture<>();
    added.add(new Watched(process, exit));
    wake();
    return exit;
  }

  private void run() {
    List<Watched> watched = new ArrayList<>();
    while (!closed) {
      try {
        await(watched);
      } catch (Throwable e) { // on this thread hang all servers; whatever it is, it may pass
        LOG.error("the wait for processes is disturbed", e);
        LockSupport.parkNanos(AFTER_FAILURE.toNanos());
      }
    }
    synchronized (this) {
      SystemCall.close(wakeUp);
    }
  }

  private void await(List<Watched> watched) throws SystemCallException {
    for (Watched next = added.peek(); next != null; next = added.peek()) {
      watched.add(next);
      added.remove();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment descriptors = arena.allocate((long) POLLFD * (watched.size() + 1), 8);
      set(descriptors, 0, wakeUp);
      for (int i = 0; i < watched.size(); i++) {
        set(descriptors, i + 1, watched.get(i).process().descriptor());
      }
      SystemCall.PPOLL.call("exit watch", descriptors.address(), watched.size() + 1L, 0);
      if (hasEvent(descriptors, 0)) {
        SystemCall.READ.call("exit watch", wakeUp, arena.allocate(8).address(), 8);
      }
      for (int i = watched.size() - 1; i >= 0; i--) {
        if (hasEvent(descriptors, i + 1)) {
          ended(watched.get(i));
          watched.remove(i);
        }
      }
    } catch (SystemCallException e) {
      if (e.errno() != SystemCallException.EAGAIN) {
        throw e;
      }
    }
  }

  /** If there is no room for a thread, nothing has happened yet, and the next poll tells again. */
  private static void ended(Watched process) {
    Thread.ofVirtual().name("exit").start(() -> process.exit().complete(null));
    process.process().close();
  }

  private static void set(MemorySegment descriptors, int index, int fd) {
    descriptors.set(ValueLayout.JAVA_INT, (long) index * POLLFD, fd);
    descriptors.set(ValueLayout.JAVA_SHORT, (long) index * POLLFD + 4, POLLIN);
  }

  private static boolean hasEvent(MemorySegment descriptors, int index) {
    return descriptors.get(ValueLayout.JAVA_SHORT, (long) index * POLLFD + REVENTS) != 0;
  }

  /** Once closed the descriptor's number may be somebody else's. */
  private synchronized void wake() {
    if (!closed) {
      signal();
    }
  }

  private void signal() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(8);
      one.set(ValueLayout.JAVA_LONG, 0, 1);
      SystemCall.WRITE.call("exit watch", wakeUp, one.address(), 8);
    } catch (SystemCallException e) {
      throw new IllegalStateException("cannot wake the exit watch", e);
    }
  }

  /** What is still watched stays uncompleted; the processes go on. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      signal();
    }
  }

  Thread thread() {
    return thread;
  }
}
