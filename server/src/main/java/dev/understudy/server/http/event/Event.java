package dev.understudy.server.http.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.understudy.server.http.Json;
import dev.understudy.server.operate.Actor;
import java.io.ByteArrayOutputStream;
import java.util.function.Predicate;

/**
 * Something that has happened.
 *
 * @param id for {@code Last-Event-ID}
 * @param audience who may hear of it
 */
record Event(String id, String type, Object data, Predicate<Actor> audience) {
  Event {
    requireNonNull(id, "id is null");
    requireNonNull(type, "type is null");
    requireNonNull(data, "data is null");
    requireNonNull(audience, "audience is null");
  }

  /** As the HTML standard has server-sent events; JSON is one line. */
  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("id: %s\nevent: %s\ndata: ".formatted(id, type).getBytes(UTF_8));
    bytes.writeBytes(Json.write(data));
    bytes.writeBytes("\n\n".getBytes(UTF_8));
    return bytes.toByteArray();
  }
}
