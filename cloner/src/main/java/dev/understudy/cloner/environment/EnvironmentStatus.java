package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.CloneState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An environment as it is right now.
 *
 * @param dataTime the moment of production that it began with; null where it has no clone
 * @param target id of the clone; null if its data was lost with a crash of the host, until the next
 *     connect
 * @param state of the clone
 * @param running its server accepts connections
 * @param sessions open ones, quiet or not
 */
public record EnvironmentStatus(
    String name,
    String source,
    @Nullable Instant dataTime,
    @Nullable String target,
    @Nullable CloneState state,
    boolean running,
    int sessions,
    Instant createdAt,
    Instant lastActivity) {}
