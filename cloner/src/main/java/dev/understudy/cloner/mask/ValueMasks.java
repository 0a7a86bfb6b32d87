package dev.understudy.cloner.mask;

/**
 * SQL expressions that make a value of another of the same type, which is no text. In all of them
 * {@code d.v} is the value, not null, and {@code d.h} its hash.
 */
final class ValueMasks {
  private ValueMasks() {}

  /**
   * Another whole number of the same sign. No two numbers become the same: what is computed is a
   * Feistel network, in which each half is changed by what is left as it is.
   *
   * @param left bits of the greater half
   * @param right bits of the lesser half
   */
  static String integer(int left, int right) {
    String leftMask = Long.toString((1L << left) - 1);
    String rightMask = Long.toString((1L << right) - 1);
    String halves =
        "SELECT d.m >> %d AS l, d.m & %s AS r, d.s FROM (SELECT CASE WHEN d.v < 0 THEN -(d.v::bigint + 1) ELSE d.v::bigint END AS m, d.v < 0 AS s OFFSET 0) AS d OFFSET 0"
            .formatted(right, rightMask);
    String state = halves;
    for (int round = 1; round <= 4; round++) {
      boolean greater = round % 2 == 1;
      String from = greater ? "f.r" : "f.l";
      String use = "hash-%d-%d".formatted(left + right, round);
      String mixed =
          "(%s & %s)"
              .formatted(
                  Keyed.number(Keyed.text(use, from + "::text")), greater ? leftMask : rightMask);
      state =
          "SELECT %s AS l, %s AS r, f.s FROM (%s) AS f OFFSET 0"
              .formatted(
                  greater ? "f.l # " + mixed : "f.l", greater ? "f.r" : "f.r # " + mixed, state);
    }
    return "(SELECT CASE WHEN f.s THEN -((f.l << %1$d) | f.r) - 1 ELSE (f.l << %1$d) | f.r END FROM (%2$s) AS f)"
        .formatted(right, state);
  }

  /** Other digits, as many before and after the point. */
  static String numeric() {
    return "CASE WHEN d.v ~ '^-?[0-9]+([.][0-9]+)?$' THEN "
        + TextMasks.scrambled("false")
        + " ELSE d.v END";
  }

  /** As a random one looks. */
  static String uuid() {
    String bytes = "substring(d.h FROM 1 FOR 16)";
    bytes = "set_byte(%s, 6, (get_byte(d.h, 6) & 15) | 64)".formatted(bytes);
    bytes = "set_byte(%s, 8, (get_byte(d.h, 8) & 63) | 128)".formatted(bytes);
    return "encode(" + bytes + ", 'hex')";
  }

  /** Another day of the same year. */
  static String date() {
    return finite(
        "date_trunc('year', d.v::timestamp)::date + (" + Keyed.number("d.h") + " % 365)::integer");
  }

  static String timestamp() {
    return finite("date_trunc('year', d.v) + " + seconds());
  }

  static String timestamptz() {
    return finite("date_trunc('year', d.v, 'UTC') + " + seconds());
  }

  private static String seconds() {
    return "make_interval(secs => (" + Keyed.number("d.h") + " % (365 * 86400))::double precision)";
  }

  private static String finite(String then) {
    return "CASE WHEN isfinite(d.v) THEN " + then + " ELSE d.v END";
  }

  /**
   * Every string that is a value hashed as a text; keys, numbers, true and false stay. {@code d.v}
   * is the text of a jsonb, in which a key is what a colon follows.
   */
  static String json() {
    String hashed =
        TextMasks.hexadecimal(Keyed.text("hash", "((j.t[1])::jsonb #>> '{}') COLLATE \"C\""), 32);
    return """
    (SELECT string_agg(CASE WHEN left(j.t[1], 1) = '"' AND right(j.t[1], 1) = '"' AND j.t[1] <> '""'
        THEN '"' || %s || '"' ELSE j.t[1] END, '' ORDER BY j.n)
      FROM regexp_matches(d.v, '"(?:[^"\\\\]|\\\\.)*"(?:: )?|[^"]+', 'g')
        WITH ORDINALITY AS j (t, n))\
    """
        .formatted(hashed);
  }
}
