package dev.understudy.server.command.remote;

import dev.understudy.server.CommandException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work whose outcome has to be known, whoever interrupts the thread that waits for it. */
final class Uninterrupted {
  private Uninterrupted() {}

  /** Returns with the thread's interrupt as it came. */
  static <T> T call(Callable<T> work) throws CommandException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.startVirtualThread(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof CommandException failure) {
            throw failure;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
