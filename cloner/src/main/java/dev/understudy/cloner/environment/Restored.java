package dev.understudy.cloner.environment;

import java.util.List;
import java.util.Map;

/**
 * The environments that an earlier daemon left.
 *
 * @param unreadable why, by name: those whose record cannot be read
 * @param complete false if there is any record, be it of the trash or of a clone, that cannot be
 *     read: nobody knows what it needs
 */
record Restored(List<Pointer> pointers, Map<String, String> unreadable, boolean complete) {
  Restored {
    pointers = List.copyOf(pointers);
    unreadable = Map.copyOf(unreadable);
  }
}
