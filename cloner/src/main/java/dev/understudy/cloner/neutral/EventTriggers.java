package dev.understudy.cloner.neutral;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.cloner.snapshot.RecoveredCopy;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps event triggers from refusing or noticing what is done to one copy: one step disables them
 * before all others, one gives them back after. The commands that do it fire none. Those that stay
 * disabled fire in no clone either.
 */
final class EventTriggers {
  private static final String ENABLED =
      """
      SELECT evtname, CASE evtenabled WHEN 'R' THEN 'ENABLE REPLICA'
        WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END
      FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D' ORDER BY evtname\
      """;

  private final boolean restored;
  private final Map<Database, List<String>> commands = new HashMap<>();

  /**
   * @param restored they fire in clones as they did in production
   */
  EventTriggers(boolean restored) {
    this.restored = restored;
  }

  PreparationStep disabling() {
    return copy -> {
      for (Database database : copy.databases()) {
        copy.inside(database, connection -> disable(connection, copy, database));
      }
    };
  }

  PreparationStep restoring() {
    return copy -> {
      for (Map.Entry<Database, List<String>> database : commands.entrySet()) {
        String[] restore = database.getValue().toArray(String[]::new);
        copy.inside(database.getKey(), connection -> Query.execute(connection, restore));
      }
    };
  }

  private void disable(Connection connection, RecoveredCopy copy, Database database)
      throws SQLException {
    List<String> restore = new ArrayList<>();
    for (List<String> row : Query.rows(connection, ENABLED)) {
      String alter = "ALTER EVENT TRIGGER " + SqlText.identifier(row.getFirst()) + " ";
      Query.execute(connection, alter + "DISABLE");
      restore.add(alter + row.get(1));
      copy.found(
          Kind.EVENT_TRIGGER,
          database.name(),
          row.getFirst(),
          restored ? "kept: fires in clones" : "disabled");
    }
    if (restored && !restore.isEmpty()) {
      commands.put(database, restore);
    }
  }
}
