package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One setting of a daemon, for people.
 *
 * @param key without {@code understudy.}; elements of lists have numbers, from 1 on
 * @param value as settings write it; {@code ***} where it is, or may hold, a secret; null: none
 * @param otherwise what it is when nobody writes it; null: nothing
 * @param changeable whether a reload takes up another value
 */
public record Setting(
    String key, @Nullable String value, @Nullable String otherwise, boolean changeable) {
  public Setting {
    requireNonNull(key, "key is null");
  }
}
