package dev.understudy.cloner.mask;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.mask.ColumnType.Kind;
import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.config.MaskRule;
import org.jspecify.annotations.Nullable;

/**
 * A rule for values of one type, as an SQL expression. NULL and the empty text stay what they are.
 * The expression expects {@code k.i}, {@code k.o}: the key, and {@code k.e}: the encoding in which
 * texts are hashed; and a session with the dates of ISO and the time of UTC.
 */
record Transformation(MaskRule rule, ColumnType type) {
  Transformation {
    requireNonNull(rule, "rule is null");
    requireNonNull(type, "type is null");
  }

  /** Why it cannot be; null if it can. */
  @Nullable String refusal() {
    return switch (rule) {
      case MaskRule.Keep _, MaskRule.Null _, MaskRule.Constant _ -> null;
      case MaskRule.Hash _ -> hashable() ? null : refused("hash");
      case MaskRule.Email _ ->
          type.isText() && type.maxLength() > 0 && type.maxLength() < TextMasks.LEAST_EMAIL
              ? "has at most %d characters, and email makes at least %d"
                  .formatted(type.maxLength(), TextMasks.LEAST_EMAIL)
              : ofText("email");
      case MaskRule.Name _ -> ofText("name");
      case MaskRule.Phone _ -> ofText("phone");
      case MaskRule.Partial _ -> ofText("partial");
    };
  }

  private @Nullable String ofText(String name) {
    return type.isText() ? null : refused(name);
  }

  private String refused(String name) {
    return "is of type %s, of which %s can make no value".formatted(type.sql(), name);
  }

  private boolean hashable() {
    return switch (type.kind()) {
      case TEXT, SMALLINT, INTEGER, BIGINT, NUMERIC, UUID, BYTEA, DATE, TIMESTAMP, TIMESTAMPTZ ->
          true;
      case JSON, JSONB -> true;
      case BOOLEAN, TSVECTOR, ADDRESS, OTHER -> false;
    };
  }

  /**
   * @param column an expression of the type
   */
  String expression(String column) {
    return switch (rule) {
      case MaskRule.Keep _ -> column;
      case MaskRule.Null _ -> "NULL";
      case MaskRule.Constant constant ->
          "CASE WHEN %s IS DISTINCT FROM NULL THEN %s::%s END"
              .formatted(column, SqlText.literal(constant.text()), type.sql());
      case MaskRule.Hash _,
          MaskRule.Email _,
          MaskRule.Name _,
          MaskRule.Phone _,
          MaskRule.Partial _ ->
          type.array() ? ofElements(column) : ofValue(column);
    };
  }

  private String ofElements(String column) {
    String element = new Transformation(rule, type.element()).expression("u.e");
    return """
    CASE WHEN cardinality(%1$s) > 0 THEN
      (SELECT array_agg(%2$s ORDER BY u.n) FROM unnest(%1$s) WITH ORDINALITY AS u (e, n))::%3$s
      ELSE %1$s END\
    """
        .formatted(column, element, type.sql());
  }

  private String ofValue(String column) {
    String use = use();
    return switch (type.kind()) {
      case TEXT -> text(column, use, TextMasks.of(rule, type.maxLength()));
      case SMALLINT -> whole(column, 8, 7);
      case INTEGER -> whole(column, 16, 15);
      case BIGINT -> whole(column, 32, 31);
      case NUMERIC ->
          computed(
              column,
              "trim_scale(" + column + ")::text COLLATE \"C\"",
              Keyed.text(use, "d.v"),
              ValueMasks.numeric());
      case UUID -> computed(column, column, Keyed.text(use, "d.v::text"), ValueMasks.uuid());
      case BYTEA -> computed(column, column, Keyed.bytes(use, "d.v"), "d.h");
      case DATE -> computed(column, column, Keyed.text(use, "d.v::text"), ValueMasks.date());
      case TIMESTAMP ->
          computed(column, column, Keyed.text(use, "d.v::text"), ValueMasks.timestamp());
      case TIMESTAMPTZ ->
          computed(column, column, Keyed.text(use, "d.v::text"), ValueMasks.timestamptz());
      case JSON, JSONB ->
          computed(column, column + "::jsonb::text COLLATE \"C\"", "''::bytea", ValueMasks.json());
      case BOOLEAN, TSVECTOR, ADDRESS, OTHER ->
          throw new IllegalStateException(String.valueOf(refusal()));
    };
  }

  private String use() {
    return switch (rule) {
      case MaskRule.Hash _ -> "hash";
      case MaskRule.Email _ -> "email";
      case MaskRule.Name _ -> "name";
      case MaskRule.Phone _ -> "phone";
      case MaskRule.Partial _ -> "partial";
      case MaskRule.Keep _, MaskRule.Null _, MaskRule.Constant _ -> "";
    };
  }

  private String text(String column, String use, String masked) {
    String value = column + "::text COLLATE \"C\"";
    if (type.foldsCase()) {
      value = "lower(" + column + "::text) COLLATE \"C\"";
    }
    return "CASE WHEN (%1$s)::text COLLATE \"C\" = '' THEN %1$s ELSE %2$s END"
        .formatted(column, computed(column, value, Keyed.text(use, "d.v"), masked));
  }

  private String whole(String column, int left, int right) {
    return computed(column, column, "''::bytea", ValueMasks.integer(left, right));
  }

  /** The value and its hash are computed once each, whatever is made of them. */
  private String computed(String column, String value, String hash, String result) {
    boolean unhashed = hash.equals("''::bytea");
    String inner = "SELECT %s AS v OFFSET 0".formatted(value);
    String hashed =
        unhashed ? inner : "SELECT d.v, %s AS h FROM (%s) AS d OFFSET 0".formatted(hash, inner);
    return "CASE WHEN %s IS NOT NULL THEN (SELECT (%s)::%s FROM (%s) AS d) END"
        .formatted(column, result, type.sql(), hashed);
  }

  /** True if it changes nothing. */
  boolean isKept() {
    return rule instanceof MaskRule.Keep;
  }

  /** True if it leaves no value where there was one. */
  boolean isNull() {
    return rule instanceof MaskRule.Null;
  }

  Kind kind() {
    return type.kind();
  }
}
