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
  Content {
    rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
  }

  /** As it begins. */
  static Content of(int base) {
    return new Content(base, new TreeMap<>());
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
