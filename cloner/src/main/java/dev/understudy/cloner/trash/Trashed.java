package dev.understudy.cloner.trash;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;

/** Something in the trash. */
public record Trashed(TrashRecord record, Clone target) {
  public Trashed {
    requireNonNull(record, "record is null");
    requireNonNull(target, "target is null");
  }

  /** Of the environment that it was. */
  String name() {
    return record.environment().name();
  }
}
