package dev.understudy.cloner.mask;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.config.TableName;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A relation of a database with its columns by name; one and the same wherever the number is.
 *
 * @param kind {@code pg_class.relkind}
 * @param populated false: a materialized view that holds nothing
 * @param partitionKey numbers of the columns that decide in which partition a row lies; 0 where an
 *     expression does
 */
record Relation(
    long oid,
    TableName name,
    char kind,
    boolean populated,
    Set<Integer> partitionKey,
    Map<String, Column> columns) {

  /** A column. */
  record Column(int number, String name, ColumnType type, boolean notNull, boolean generated) {}

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Relation relation && relation.oid == oid;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(oid);
  }

  /** In a statement. */
  String sql() {
    return SqlText.identifier(name.schema()) + "." + SqlText.identifier(name.table());
  }

  boolean isTable() {
    return kind == 'r' || kind == 'p';
  }

  /** True if rows lie in it, and not in its partitions. */
  boolean stores() {
    return kind == 'r';
  }

  /** True if its rows lie elsewhere. */
  boolean isForeign() {
    return kind == 'f';
  }

  boolean isMaterializedView() {
    return kind == 'm';
  }

  /** What it is, if it is no table. */
  String kindName() {
    return switch (kind) {
      case 'v' -> "a view; name the tables that it shows";
      case 'm' -> "a materialized view; it is refreshed when its tables are masked";
      case 'f' -> "a foreign table; it holds no rows here";
      default -> "no table";
    };
  }

  @Nullable Column column(String column) {
    return columns.get(column);
  }
}
