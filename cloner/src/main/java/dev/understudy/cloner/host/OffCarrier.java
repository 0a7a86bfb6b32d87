package dev.understudy.cloner.host;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Runs work that is made of system calls. A virtual thread would hold its carrier for as long as
 * the work takes, and there are only as many carriers as processors; so it lends itself a platform
 * thread. An interrupt is passed on, and the end of the work awaited all the same.
 */
public final class OffCarrier {
  /** Work on files. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  private OffCarrier() {}

  public static void run(Work work) throws IOException {
    if (!Thread.currentThread().isVirtual()) {
      work.run();
      return;
    }
    FutureTask<Void> task =
        new FutureTask<>(() -> {
          work.run();
          return null;
        });
    Thread worker = Thread.ofPlatform().daemon().name("off-carrier").start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
          worker.interrupt();
        }
      }
    } catch (ExecutionException e) {
      throw rethrow(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException rethrow(@Nullable Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> throw new AssertionError("work on files throws nothing else", cause);
    };
  }
}
