package dev.understudy.cloner.clone;

import java.sql.SQLException;

/** Lets servers that run, and may be in use, sync what they write from now on. */
@FunctionalInterface
public interface SettingsReload {
  /**
   * Has the server of a clone take up {@code fsync} and {@code full_page_writes} from its file.
   * When this returns no process of it goes on without them. Blocks, for a bounded time.
   *
   * @throws SQLException if not all do so in time; those that have go on with them
   */
  void run(Clone clone) throws SQLException, InterruptedException;
}
