package dev.understudy.proxy.console;

import java.util.HashMap;
import java.util.Map;

/**
 * The prepared statements of one session, so many with so much text at most. Used on the session's
 * thread.
 */
final class PreparedStatements {
  /** More than the caches of drivers hold. */
  static final int MOST = 1_000;

  /** Of all of them, names included. What a statement keeps is no longer than its text. */
  static final int MOST_CHARACTERS = 2 << 20;

  private final Map<String, Kept> statements = new HashMap<>();
  private long characters;

  private record Kept(PreparedStatement statement, int characters) {}

  /**
   * Says whether one can be added.
   *
   * @param name empty: the unnamed one, which takes the place of the last
   * @throws ConsoleException if there is one of that name, or there are too many
   */
  void requireRoomFor(String name, String text) {
    if (!name.isEmpty() && statements.containsKey(name)) {
      throw new ConsoleException(
          "42P05", "prepared statement \"" + name + "\" already exists", null, null);
    }
    Kept replaced = statements.get(name);
    long others = replaced == null ? characters : characters - replaced.characters();
    if ((statements.size() >= MOST && replaced == null)
        || others + name.length() + text.length() > MOST_CHARACTERS) {
      throw new ConsoleException(
          "53400",
          "too many prepared statements",
          "A session of the console has "
              + MOST
              + " at most, of "
              + MOST_CHARACTERS
              + " characters together.",
          "DEALLOCATE those that are not needed any more; DEALLOCATE ALL does so with all.");
    }
  }

  void put(String name, String text, PreparedStatement statement) {
    remove(name);
    int size = name.length() + text.length();
    statements.put(name, new Kept(statement, size));
    characters += size;
  }

  /**
   * The one of that name.
   *
   * @throws ConsoleException if there is none
   */
  PreparedStatement get(String name) {
    Kept kept = statements.get(name);
    if (kept == null) {
      throw new ConsoleException(
          "26000",
          name.isEmpty()
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"" + name + "\" does not exist",
          null,
          null);
    }
    return kept.statement();
  }

  /** One that does not exist is none of anybody's business. */
  void remove(String name) {
    Kept removed = statements.remove(name);
    if (removed != null) {
      characters -= removed.characters();
    }
  }

  void clear() {
    statements.clear();
    characters = 0;
  }
}
