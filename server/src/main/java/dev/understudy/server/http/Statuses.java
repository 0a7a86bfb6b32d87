package dev.understudy.server.http;

import java.util.Map;

/** Which HTTP status tells what a SQLSTATE tells. */
final class Statuses {
  private static final Map<String, Integer> BY_SQLSTATE =
      Map.ofEntries(
          // what was asked for cannot be meant
          Map.entry("08P01", 400),
          Map.entry("22007", 400),
          Map.entry("22023", 400),
          Map.entry("22032", 400),
          Map.entry("42601", 400),
          Map.entry("42602", 400),
          Map.entry("54000", 413),
          Map.entry("F0000", 422),
          // who asks
          Map.entry("28000", 401),
          Map.entry("28P01", 401),
          Map.entry("42501", 403),
          // what it is about
          Map.entry("3D000", 404),
          Map.entry("42704", 404),
          Map.entry("42710", 409),
          Map.entry("55000", 409),
          Map.entry("55006", 409),
          // limits
          Map.entry("53100", 507),
          Map.entry("53300", 429),
          Map.entry("53400", 409),
          // not now, or not at all
          Map.entry("57P01", 503),
          Map.entry("57P03", 503),
          Map.entry("0A000", 501),
          Map.entry("58000", 500));

  private Statuses() {}

  static int of(String sqlState) {
    return BY_SQLSTATE.getOrDefault(sqlState, 500);
  }
}
