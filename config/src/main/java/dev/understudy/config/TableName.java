package dev.understudy.config;

import static java.util.Objects.requireNonNull;

/** A table as its database's catalog names it. */
public record TableName(String schema, String table) implements Comparable<TableName> {
  public TableName {
    requireNonNull(schema, "schema is null");
    requireNonNull(table, "table is null");
  }

  /**
   * @throws IllegalArgumentException with a message for the user, unless it is {@code schema.table}
   */
  static TableName parse(String text) {
    var parts = QualifiedName.split(text);
    if (parts.size() != 2) {
      throw new IllegalArgumentException("'" + text + "' is not \"schema.table\"");
    }
    return new TableName(parts.get(0), parts.get(1));
  }

  @Override
  public int compareTo(TableName other) {
    return toString().compareTo(other.toString());
  }

  /** As settings write it. */
  @Override
  public String toString() {
    return QualifiedName.join(schema, table);
  }
}
