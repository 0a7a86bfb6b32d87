package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code environments/NAME.json}. An environment exists if and only if it has one.
 *
 * @param target id of the clone that the name points at; null if its data was lost with a crash of
 *     the host and nobody has connected since
 * @param lastActivity of a client; may be a minute behind
 */
public record EnvironmentRecord(
    String name, String source, @Nullable String target, Instant createdAt, Instant lastActivity) {
  public EnvironmentRecord {
    requireNonNull(name, "name is null");
    requireNonNull(source, "source is null");
    requireNonNull(createdAt, "createdAt is null");
    requireNonNull(lastActivity, "lastActivity is null");
  }

  /**
   * True if the settings, edited since, name another source than the data came from: whoever
   * connects was authenticated against roles that are not those of the data.
   *
   * @param configured source of the policy that covers the name
   */
  boolean hasDataOfOtherThan(String configured) {
    return target != null && !source.equals(configured);
  }

  EnvironmentRecord lastActiveAt(Instant time) {
    return new EnvironmentRecord(name, source, target, createdAt, time);
  }

  EnvironmentRecord pointingAt(String clone) {
    return new EnvironmentRecord(name, source, clone, createdAt, lastActivity);
  }

  EnvironmentRecord withoutClone() {
    return new EnvironmentRecord(name, source, null, createdAt, lastActivity);
  }
}
