package dev.understudy.cloner.trash;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Jump;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.state.AddedLater;
import java.time.Instant;

/**
 * The content of {@code trash/ID.json}: an environment as it was. It owns its clone unless an
 * environment does.
 *
 * @param environment has a target, whose id is the file's name
 * @param number of what came later is higher
 */
public record TrashRecord(
    EnvironmentRecord environment, Instant trashedAt, TrashReason reason, @AddedLater long number) {
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

  TrashRecord moved(Jump jump) {
    return new TrashRecord(environment, jump.moved(trashedAt), reason, number);
  }

  TrashRecord notAfter(Instant now) {
    return new TrashRecord(environment, Jump.notAfter(trashedAt, now), reason, number);
  }
}
