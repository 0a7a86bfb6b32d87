package dev.understudy.server.http.task;

import dev.understudy.server.http.Problem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as it is told.
 *
 * @param operation in the words of the console
 * @param source whose data is worked with, whose copy may be waited for; null: not known
 * @param state running, done or failed
 * @param created whether it is by this task that its subject is there, which another may have made
 *     meanwhile; null: it is not over, has failed, or makes nothing
 * @param problem why it failed
 */
public record TaskBody(
    String id,
    String operation,
    String subject,
    @Nullable String source,
    String state,
    @Nullable Boolean created,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Problem problem) {}
