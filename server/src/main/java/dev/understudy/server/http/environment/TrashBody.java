package dev.understudy.server.http.environment;

import dev.understudy.cloner.trash.TrashRecord;
import dev.understudy.server.operate.Vocabulary;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What can be had back, as it is told.
 *
 * @param id of its clone
 * @param reason as {@code SHOW TRASH} has it
 * @param goneAt when it cannot be had back any more, at the latest
 */
public record TrashBody(
    String name,
    String id,
    String reason,
    Instant trashedAt,
    Instant goneAt,
    String source,
    @Nullable String owner,
    @Nullable String label) {
  static TrashBody of(TrashRecord trashed, Duration undropWindow) {
    return new TrashBody(
        trashed.environment().name(),
        trashed.id(),
        Vocabulary.reason(trashed.reason()),
        trashed.trashedAt(),
        trashed.trashedAt().plus(undropWindow),
        trashed.environment().source(),
        trashed.environment().owner(),
        trashed.environment().label());
  }
}
