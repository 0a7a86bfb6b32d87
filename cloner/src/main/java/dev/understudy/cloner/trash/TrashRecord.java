package dev.understudy.cloner.trash;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.record.EnvironmentRecord;
import java.time.Instant;

/**
 * The content of {@code trash/ID.json}: an environment as it was. It owns its clone unless an
 * environment does.
 *
 * @param environment has a target, whose id is the file's name
 */
public record TrashRecord(EnvironmentRecord environment, Instant trashedAt, TrashReason reason) {
  public TrashRecord {
    requireNonNull(environment, "environment is null");
    requireNonNull(environment.target(), "environment has no target");
    requireNonNull(trashedAt, "trashedAt is null");
    requireNonNull(reason, "reason is null");
  }

  /** Id of the clone. */
  public String id() {
    return requireNonNull(environment.target(), "environment has no target");
  }
}
