package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What applies to the environments whose name matches a pattern.
 *
 * @param source name of the source they are cloned from
 * @param database what a connection gets that names none; null: the source's only database
 * @param dropAfter idle time after which they are dropped; null: never
 * @param refreshAfterSnapshot they move to a clone of each new snapshot
 */
public record EnvironmentPolicy(
    NamePattern pattern,
    String source,
    @Nullable String database,
    @Nullable Duration dropAfter,
    boolean refreshAfterSnapshot) {
  public EnvironmentPolicy {
    requireNonNull(pattern, "pattern is null");
    requireNonNull(source, "source is null");
  }

  /** Of environments that keep their data. */
  public EnvironmentPolicy(
      NamePattern pattern, String source, @Nullable String database, @Nullable Duration dropAfter) {
    this(pattern, source, database, dropAfter, false);
  }
}
