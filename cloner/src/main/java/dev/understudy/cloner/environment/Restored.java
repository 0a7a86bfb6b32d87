package dev.understudy.cloner.environment;

import java.util.List;
import java.util.Map;

/**
 * The environments that an earlier daemon left.
 *
 * @param unreadable why, by name: those whose record cannot be read
 */
record Restored(List<Pointer> pointers, Map<String, String> unreadable) {
  Restored {
    pointers = List.copyOf(pointers);
    unreadable = Map.copyOf(unreadable);
  }
}
