package dev.understudy.cloner.environment;

import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.snapshot.Snapshot;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The making of an environment of a snapshot that is cut for it. */
public final class FreshCreation {
  private FreshCreation() {}

  /**
   * Fails with {@link EnvironmentUnavailable} and nothing else.
   *
   * @param cut a snapshot of a source
   */
  public static CompletableFuture<EnvironmentRecord> of(
      Environments environments,
      Function<String, CompletableFuture<Snapshot>> cut,
      String name,
      CreateFrom from,
      @Nullable String role) {
    Optional<EnvironmentUnavailable> refusal =
        switch (from) {
          case CreateFrom.Policy() -> environments.refusalToCreate(name, from, role);
          case CreateFrom.Source _ -> environments.refusalToCreate(name, from, role);
          case CreateFrom.Snapshot _ -> Optional.of(OperationRefusals.freshOfOther());
          case CreateFrom.Environment _ -> Optional.of(OperationRefusals.freshOfOther());
        };
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(refusal.get());
    }
    String source = environments.sourceOf(name).orElseThrow();
    return cut.apply(source)
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(OperationRefusals.notCut(name, cause(failure))))
        .thenCompose(
            snapshot -> environments.create(name, new CreateFrom.Snapshot(snapshot.id()), role));
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
