package dev.understudy.cloner.host;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Acts as another user for the time of one call, in one thread: Linux keeps the identity per
 * thread, and only the C library's wrappers spread it over the process.
 */
public final class ThreadIdentity {
  private ThreadIdentity() {}

  /**
   * Runs a task with the effective uid and gid of another user, in a platform thread that does
   * nothing else and ends. For root only.
   *
   * <p>The task should be one system call or little more. Threads that it starts keep the identity
   * for ever, and classes it loads for the first time must be readable for that user.
   */
  public static <T> T callAs(Account account, Callable<T> task)
      throws ExecutionException, InterruptedException {
    FutureTask<T> future =
        new FutureTask<>(() -> {
          SystemCall.SETGROUPS.call("none", 0, 0, 0);
          SystemCall.SETRESGID.call(account.name(), -1, account.gid(), -1);
          SystemCall.SETRESUID.call(account.name(), -1, account.uid(), -1);
          return task.call();
        });
    Thread thread = Thread.ofPlatform().daemon().name("as-" + account.name()).start(future);
    try {
      return future.get();
    } catch (InterruptedException e) {
      thread.interrupt();
      throw e;
    }
  }
}
