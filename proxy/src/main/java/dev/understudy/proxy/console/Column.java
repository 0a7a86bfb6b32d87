package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

/** One column of what a statement returns. */
public record Column(String name, ColumnType type) {
  public Column {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
  }

  public static Column text(String name) {
    return new Column(name, ColumnType.TEXT);
  }

  public static Column number(String name) {
    return new Column(name, ColumnType.INT8);
  }

  public static Column count(String name) {
    return new Column(name, ColumnType.INT4);
  }

  public static Column numeric(String name) {
    return new Column(name, ColumnType.NUMERIC);
  }

  public static Column flag(String name) {
    return new Column(name, ColumnType.BOOL);
  }

  public static Column time(String name) {
    return new Column(name, ColumnType.TIMESTAMPTZ);
  }
}
