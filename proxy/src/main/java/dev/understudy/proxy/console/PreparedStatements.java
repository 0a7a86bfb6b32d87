package dev.understudy.proxy.console;

import java.util.HashMap;
import java.util.Map;

/** The prepared statements of one session, so many at most. Used on the session's thread. */
final class PreparedStatements {
  /** More than the caches of drivers hold. */
  static final int MOST = 1_000;

  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /**
   * Says whether one can be added.
   *
   * @param name empty: the unnamed one, which takes the place of the last
   * @throws ConsoleException if there is one of that name, or there are too many
   */
  void requireRoomFor(String name) {
    if (!name.isEmpty() && statements.containsKey(name)) {
      throw new ConsoleException(
          "42P05", "prepared statement \"" + name + "\" already exists", null, null);
    }
    if (statements.size() >= MOST && !statements.containsKey(name)) {
      throw new ConsoleException(
          "53400",
          "too many prepared statements",
          "A session of the console has " + MOST + " at most.",
          "DEALLOCATE those that are not needed any more; DEALLOCATE ALL does so with all.");
    }
  }

  void put(String name, PreparedStatement statement) {
    statements.put(name, statement);
  }

  /**
   * The one of that name.
   *
   * @throws ConsoleException if there is none
   */
  PreparedStatement get(String name) {
    PreparedStatement statement = statements.get(name);
    if (statement == null) {
      throw new ConsoleException(
          "26000",
          name.isEmpty()
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"" + name + "\" does not exist",
          null,
          null);
    }
    return statement;
  }

  /** One that does not exist is none of anybody's business. */
  void remove(String name) {
    statements.remove(name);
  }

  void clear() {
    statements.clear();
  }
}
