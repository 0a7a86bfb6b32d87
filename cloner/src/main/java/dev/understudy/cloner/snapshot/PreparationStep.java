package dev.understudy.cloner.snapshot;

import java.sql.SQLException;

/** One of the things that are done to a recovered copy, by SQL, before it is sealed. */
@FunctionalInterface
public interface PreparationStep {
  /**
   * Does it in all databases that it concerns. Whatever it throws ends the cutting of the snapshot,
   * and nothing of the copy is left.
   *
   * @throws PreparationException where there is more to say than PostgreSQL said
   */
  void run(RecoveredCopy copy) throws SQLException;

  /** True for a step that has to see what all others have made of the data. */
  default boolean comesLast() {
    return false;
  }
}
