package dev.understudy.cloner.clone;

import java.sql.SQLException;

/** Asks the server of a clone for its roles. */
@FunctionalInterface
public interface RoleReader {
  /**
   * Blocks, bounded in time and in what is read, whatever the server does.
   *
   * @param clone whose server runs
   * @throws SQLException if it does not tell
   */
  RoleReading read(Clone clone) throws SQLException, InterruptedException;
}
