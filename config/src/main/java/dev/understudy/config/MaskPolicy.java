package dev.understudy.config;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the data of a source is masked before anybody gets at it.
 *
 * @param key of all that is computed from values; null: one of the daemon's own
 * @param strict what looks personal and has no rule keeps a snapshot from being
 * @param databases by name
 */
public record MaskPolicy(
    @Nullable Secret key, boolean strict, SortedMap<String, DatabaseMask> databases) {
  public MaskPolicy {
    databases = Collections.unmodifiableSortedMap(new TreeMap<>(databases));
  }

  public MaskPolicy(@Nullable Secret key, boolean strict, Map<String, DatabaseMask> databases) {
    this(key, strict, new TreeMap<>(databases));
  }
}
