package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneState;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An environment as it is right now.
 *
 * @param dataTime the moment of production that it began with; null where it has no clone
 * @param snapshot id of the one that its data came from; null where it has no clone
 * @param target id of the clone; null if its data was lost with a crash of the host, until the next
 *     connect
 * @param state of the clone
 * @param running its server accepts connections, and is not about to end
 * @param sessions open ones, quiet or not
 * @param owner the role that it was made for; null: nobody's
 * @param label for people
 * @param guarded nothing automatic removes it
 * @param keptUntil nothing automatic removes it before; null: only the policy decides
 * @param endings what ends it by itself, if nothing changes until then
 */
public record EnvironmentStatus(
    String name,
    String source,
    @Nullable Instant dataTime,
    @Nullable String snapshot,
    @Nullable String target,
    @Nullable CloneState state,
    boolean running,
    int sessions,
    Instant createdAt,
    Instant lastActivity,
    @Nullable String owner,
    @Nullable String label,
    boolean guarded,
    @Nullable Instant keptUntil,
    Endings endings) {
  /** Empty if the environment does not exist. */
  static Optional<EnvironmentStatus> of(Environment environment) {
    Pointer pointer = environment.pointer();
    if (pointer == null) {
      return Optional.empty();
    }
    EnvironmentRecord record = pointer.record();
    Clone clone = pointer.target();
    return Optional.of(
        new EnvironmentStatus(
            record.name(),
            record.source(),
            clone == null ? null : clone.origin().dataTime(),
            clone == null ? null : clone.origin().snapshot(),
            record.target(),
            clone == null ? null : clone.state(),
            clone != null && clone.server().isPresent() && !environment.suspending().isEnding(),
            environment.sessions().count(),
            record.createdAt(),
            environment.activity().last(),
            record.owner(),
            record.label(),
            record.guarded(),
            record.keptUntil(),
            environment.endings(record)));
  }
}
