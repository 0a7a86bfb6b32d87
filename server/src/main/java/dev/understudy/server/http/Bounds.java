package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What clients may take of the server.
 *
 * @param connections at a time
 * @param headerBytes of the request line and all headers
 * @param silence after which a connection is closed on which nothing happens
 * @param request time in which a whole request has to arrive, or the next one has to begin
 */
record Bounds(int connections, int headerBytes, Duration silence, Duration request) {
  static final Bounds USUAL =
      new Bounds(512, 8 << 10, Duration.ofSeconds(30), Duration.ofSeconds(30));

  Bounds {
    requireNonNull(silence, "silence is null");
    requireNonNull(request, "request is null");
  }
}
