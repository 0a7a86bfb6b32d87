package dev.understudy.proxy.session;

import dev.understudy.proxy.environment.Lease;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Asks for an environment on behalf of a client's event loop. */
final class Opening {
  private Opening() {}

  /**
   * Begins to open the environment.
   *
   * @param answer is given the lease or else the failure, later on the event loop; not called when
   *     that has ended, and then the lease is closed
   * @return to be cancelled when the answer is not wanted any more; it may still come
   */
  static CompletableFuture<Lease> begin(
      SessionRequest request,
      Sessions sessions,
      EventLoop eventLoop,
      BiConsumer<@Nullable Lease, @Nullable Throwable> answer) {
    CompletableFuture<Lease> lease = open(request, sessions);
    var _ = lease.whenComplete((opened, failure) -> answerOn(eventLoop, opened, failure, answer));
    return lease;
  }

  private static CompletableFuture<Lease> open(SessionRequest request, Sessions sessions) {
    try {
      return sessions.environments().open(request.openRequest());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void answerOn(
      EventLoop eventLoop,
      @Nullable Lease lease,
      @Nullable Throwable failure,
      BiConsumer<@Nullable Lease, @Nullable Throwable> answer) {
    try {
      eventLoop.execute(() -> answer.accept(lease, failure));
    } catch (RejectedExecutionException e) {
      // The proxy has stopped.
      if (lease != null) {
        lease.close();
      }
    }
  }
}
