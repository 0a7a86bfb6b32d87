package dev.understudy.cloner.life;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an environment contains.
 *
 * @param base the version of production that it began with
 * @param rows what was committed since
 */
record Content(int base, SortedMap<Integer, Integer> rows) {
  /** Key of the row that a hook writes; no client writes it. */
  static final int SEEDED = 1000;

  Content {
    rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
  }

  /** As an environment of that name begins: its hook, if it has one, writes a row. */
  static Content of(String name, int base) {
    TreeMap<Integer, Integer> rows = new TreeMap<>();
    if (LifeSettings.hasHook(name)) {
      rows.put(SEEDED, base);
    }
    return new Content(base, rows);
  }

  Content with(Map<Integer, Integer> changes) {
    TreeMap<Integer, Integer> next = new TreeMap<>(rows);
    next.putAll(changes);
    return new Content(base, next);
  }

  static Content read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int base;
      try (ResultSet row = statement.executeQuery("SELECT version FROM base")) {
        row.next();
        base = row.getInt(1);
      }
      TreeMap<Integer, Integer> rows = new TreeMap<>();
      try (ResultSet row = statement.executeQuery("SELECT k, v FROM life")) {
        while (row.next()) {
          rows.put(row.getInt(1), row.getInt(2));
        }
      }
      return new Content(base, rows);
    }
  }
}
