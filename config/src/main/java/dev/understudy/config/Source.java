package dev.understudy.config;

import static java.util.Objects.requireNonNull;

/**
 * A production server that is mirrored.
 *
 * @param type how its data gets here
 */
public record Source(String name, SourceType type) {
  public Source {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
  }
}
