package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a name points at.
 *
 * @param target null if there is no clone any more or its record is damaged
 * @param damaged the clone may be whole, but its record cannot be read: nothing is done to it
 */
record Pointer(EnvironmentRecord record, @Nullable Clone target, boolean damaged) {
  Pointer {
    requireNonNull(record, "record is null");
  }
}
