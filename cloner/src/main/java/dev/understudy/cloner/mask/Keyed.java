package dev.understudy.cloner.mask;

/**
 * HMAC-SHA-256 as an SQL expression, out of what every PostgreSQL has. The key is where the
 * statement has it: in {@code k.i} and {@code k.o}, which are bound parameters, so that it is in no
 * text of a statement, no catalog and no file.
 */
final class Keyed {
  private Keyed() {}

  /**
   * @param use keeps values of different uses apart
   * @param text an expression; never null
   */
  static String text(String use, String text) {
    return bytes(use, "convert_to(" + text + ", k.e)");
  }

  /**
   * @param bytes an expression of type bytea; never null
   */
  static String bytes(String use, String bytes) {
    return "sha256(k.o || sha256(k.i || '" + use + ":'::bytea || " + bytes + "))";
  }

  /** The first 32 bits, as a bigint that is not negative. */
  static String number(String bytes) {
    return "('x' || encode(substring(" + bytes + " FROM 1 FOR 4), 'hex'))::bit(32)::bigint";
  }
}
