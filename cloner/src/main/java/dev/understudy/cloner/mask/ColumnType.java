package dev.understudy.cloner.mask;

import static java.util.Objects.requireNonNull;

/**
 * The type of a column, as far as masking has to know it.
 *
 * @param sql as PostgreSQL writes it in a cast
 * @param elementSql the same of an array's elements; empty where it is none
 * @param kind of the type below all domains; of the elements, if it is an array
 * @param maxLength of a text, in characters; 0: any
 * @param foldsCase texts that differ only in case are equal
 */
record ColumnType(String sql, String elementSql, Kind kind, int maxLength, boolean foldsCase) {
  /** Types that are masked alike. */
  enum Kind {
    TEXT,
    SMALLINT,
    INTEGER,
    BIGINT,
    NUMERIC,
    UUID,
    BYTEA,
    DATE,
    TIMESTAMP,
    TIMESTAMPTZ,
    JSON,
    JSONB,
    BOOLEAN,
    TSVECTOR,
    ADDRESS,
    OTHER
  }

  private static final int NAME_LENGTH = 63;

  /** What {@code varchar(n)} adds to n in {@code atttypmod}. */
  private static final int LENGTH_OFFSET = 4;

  ColumnType {
    requireNonNull(sql, "sql is null");
    requireNonNull(elementSql, "elementSql is null");
    requireNonNull(kind, "kind is null");
  }

  /**
   * @param name {@code pg_type.typname} below all domains and arrays
   * @param modifier {@code atttypmod}
   */
  static ColumnType of(String sql, String elementSql, String name, int modifier) {
    int length =
        switch (name) {
          case "varchar", "bpchar" -> Math.max(0, modifier - LENGTH_OFFSET);
          case "name" -> NAME_LENGTH;
          default -> 0;
        };
    return new ColumnType(sql, elementSql, kind(name), length, name.equals("citext"));
  }

  private static Kind kind(String name) {
    return switch (name) {
      case "text", "varchar", "bpchar", "name", "citext" -> Kind.TEXT;
      case "int2" -> Kind.SMALLINT;
      case "int4" -> Kind.INTEGER;
      case "int8" -> Kind.BIGINT;
      case "numeric" -> Kind.NUMERIC;
      case "uuid" -> Kind.UUID;
      case "bytea" -> Kind.BYTEA;
      case "date" -> Kind.DATE;
      case "timestamp" -> Kind.TIMESTAMP;
      case "timestamptz" -> Kind.TIMESTAMPTZ;
      case "json" -> Kind.JSON;
      case "jsonb" -> Kind.JSONB;
      case "bool" -> Kind.BOOLEAN;
      case "tsvector" -> Kind.TSVECTOR;
      case "inet", "cidr", "macaddr", "macaddr8" -> Kind.ADDRESS;
      default -> Kind.OTHER;
    };
  }

  boolean isText() {
    return kind == Kind.TEXT;
  }

  boolean isNumber() {
    return kind == Kind.SMALLINT
        || kind == Kind.INTEGER
        || kind == Kind.BIGINT
        || kind == Kind.NUMERIC;
  }

  boolean isTime() {
    return kind == Kind.DATE || kind == Kind.TIMESTAMP || kind == Kind.TIMESTAMPTZ;
  }

  boolean array() {
    return !elementSql.isEmpty();
  }

  /** The type of an array's elements. */
  ColumnType element() {
    return new ColumnType(elementSql, "", kind, maxLength, foldsCase);
  }
}
