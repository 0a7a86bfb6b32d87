package dev.understudy.server.http.environment;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.understudy.cloner.environment.Ending;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.pool.Usage;
import dev.understudy.server.operate.Vocabulary;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An environment as it is told. Null is what is not known or does not apply.
 *
 * @param state as {@code SHOW ENVIRONMENTS} has it
 * @param dataTime the moment of production that it began with
 * @param snapshot id of the one that its data came from
 * @param target id of the one that it points at
 * @param sessions open ones, quiet ones too
 * @param expiresAt when it is dropped, used or not
 * @param idleDropAt when it is dropped if nobody uses it until then
 * @param storage where it was asked for
 */
public record EnvironmentBody(
    String name,
    String state,
    String source,
    @Nullable Instant dataTime,
    @Nullable String snapshot,
    @JsonProperty("clone") @Nullable String target,
    int sessions,
    @Nullable String owner,
    @Nullable String label,
    @JsonProperty("protected") boolean guarded,
    @Nullable Instant keptUntil,
    Instant createdAt,
    Instant lastActivity,
    @Nullable Instant expiresAt,
    @Nullable Instant idleDropAt,
    @Nullable Storage storage) {

  /**
   * Bytes on disk.
   *
   * @param privateBytes deleting it gives these back
   */
  public record Storage(long privateBytes, long sharedBytes) {
    static Storage of(Usage usage) {
      return new Storage(usage.exclusiveBytes(), usage.sharedBytes());
    }
  }

  /** Tells one. */
  public static EnvironmentBody of(EnvironmentStatus status, @Nullable Storage storage) {
    return new EnvironmentBody(
        status.name(),
        Vocabulary.state(status),
        status.source(),
        status.dataTime(),
        status.snapshot(),
        status.target(),
        status.sessions(),
        status.owner(),
        status.label(),
        status.guarded(),
        status.keptUntil(),
        status.createdAt(),
        status.lastActivity(),
        at(status.endings().expiry()),
        at(status.endings().idleDrop()),
        storage);
  }

  /** The same, however lately it was used: for comparing. */
  public EnvironmentBody withoutActivity() {
    return new EnvironmentBody(
        name, state, source, dataTime, snapshot, target, sessions, owner, label, guarded, keptUntil,
        createdAt, createdAt, expiresAt, null, storage);
  }

  private static @Nullable Instant at(@Nullable Ending ending) {
    return ending == null ? null : ending.at();
  }
}
