package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation of the OpenAPI document.
 *
 * @param methods of its path
 * @param isOpen it asks for no token
 * @param body schema of the object that it takes; null: it takes none
 */
record DocumentedOperation(
    String method, String path, List<String> methods, boolean isOpen, @Nullable JsonNode body) {

  static List<DocumentedOperation> all() {
    JsonNode document = document();
    JsonNode schemas = document.get("components").get("schemas");
    List<DocumentedOperation> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      List<String> methods =
          path.getValue().properties().stream()
              .map(operation -> operation.getKey().toUpperCase(Locale.ROOT))
              .toList();
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        all.add(
            new DocumentedOperation(
                operation.getKey().toUpperCase(Locale.ROOT),
                path.getKey(),
                methods,
                operation.getValue().has("security"),
                body(operation.getValue(), schemas)));
      }
    }
    return all;
  }

  private static @Nullable JsonNode body(JsonNode operation, JsonNode schemas) {
    String ref = operation.at("/requestBody/content/application~1json/schema/$ref").asText();
    return ref.isEmpty() ? null : schemas.get(ref.substring(ref.lastIndexOf('/') + 1));
  }

  /** Whether a body is read. */
  boolean sends() {
    return method.equals("POST") || method.equals("PUT");
  }

  /** Whether an answer would never end. */
  boolean isStream() {
    return path.endsWith("/events");
  }

  private static JsonNode document() {
    try (InputStream in = HttpApi.class.getResourceAsStream("openapi.json")) {
      return new ObjectMapper().readTree(requireNonNull(in));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
