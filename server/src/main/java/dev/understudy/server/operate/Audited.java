package dev.understudy.server.operate;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Runs operations, each with its line in the audit log. */
final class Audited {
  private Audited() {}

  /** Runs one, as below, for which there are no terms. */
  static <T> CompletableFuture<T> run(
      Actor actor,
      String operation,
      String subject,
      Supplier<? extends CompletableFuture<?>> action) {
    return run(actor, operation, subject, AuditTerms.NONE, action);
  }

  /**
   * Runs one.
   *
   * @param operation in the words of the console
   * @param action throws or fails with an {@link OperationException}, or with what the cloner fails
   *     with
   * @return fails with an {@link OperationException} and nothing else
   */
  @SuppressWarnings("unchecked")
  static <T> CompletableFuture<T> run(
      Actor actor,
      String operation,
      String subject,
      AuditTerms terms,
      Supplier<? extends CompletableFuture<?>> action) {
    CompletableFuture<?> begun;
    try {
      begun = action.get();
    } catch (OperationException e) {
      begun = CompletableFuture.failedFuture(e);
    }
    return begun.handle((result, failure) -> {
      OperationException why = failure == null ? null : OperationException.of(failure);
      Audit.tell(actor, operation, subject, terms, why == null ? null : why.sqlState());
      if (why != null) {
        throw why;
      }
      return (T) result;
    });
  }
}
