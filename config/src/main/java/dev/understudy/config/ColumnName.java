package dev.understudy.config;

import static java.util.Objects.requireNonNull;

/** A column as its database's catalog names it. */
public record ColumnName(TableName table, String column) implements Comparable<ColumnName> {
  public ColumnName {
    requireNonNull(table, "table is null");
    requireNonNull(column, "column is null");
  }

  /**
   * @throws IllegalArgumentException with a message for the user, unless it is {@code
   *     schema.table.column}
   */
  static ColumnName parse(String text) {
    var parts = QualifiedName.split(text);
    if (parts.size() != 3) {
      throw new IllegalArgumentException(
          "'" + text + "' is not \"schema.table.column\", in quotation marks as a whole");
    }
    return new ColumnName(new TableName(parts.get(0), parts.get(1)), parts.get(2));
  }

  @Override
  public int compareTo(ColumnName other) {
    return toString().compareTo(other.toString());
  }

  /** As settings write it. */
  @Override
  public String toString() {
    return QualifiedName.join(table.schema(), table.table(), column);
  }
}
