package dev.understudy.server.http;

import java.util.Map;

/** What every answer tells browsers and caches: this is data for the one who asked, no page. */
final class SafetyHeaders {
  static final Map<String, String> ALL =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "Cache-Control", "no-store",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin");

  private SafetyHeaders() {}
}
