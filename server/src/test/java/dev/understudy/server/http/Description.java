package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The OpenAPI document, to hold answers against. */
final class Description {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String REF = "#/components/schemas/";

  private final JsonNode document;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  private Description(JsonNode document) {
    this.document = document;
  }

  static Description load() throws IOException {
    try (InputStream in = HttpApi.class.getResourceAsStream("openapi.json")) {
      return new Description(MAPPER.readTree(requireNonNull(in)));
    }
  }

  /** As {@code GET /path}. */
  Set<String> operations() {
    Set<String> all = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(
                    method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return all;
  }

  /** Names of the parameters that stand in the query of an operation. */
  Set<String> query(String method, String path) {
    Set<String> names = new TreeSet<>();
    operation(method, path)
        .path("parameters")
        .forEach(parameter -> {
          if (parameter.get("in").asText().equals("query")) {
            names.add(parameter.get("name").asText());
          }
        });
    return names;
  }

  /** That an answer is one that is described. */
  void assertCovers(String method, String path, HttpResponse<String> response) {
    JsonNode operation = operation(method, template(path));
    JsonNode responses = operation.path("responses");
    int status = response.statusCode();
    JsonNode described = responses.get(Integer.toString(status));
    if (template(path) == null && status < 400) {
      return; // a test's own
    }
    if (described == null) {
      assertThat(status)
          .as(method + " " + path + ": " + response.body())
          .isGreaterThanOrEqualTo(400);
      assertMatches("Problem", response);
      assertThat(type(response)).isEqualTo(Problem.MEDIA_TYPE);
      return;
    }
    JsonNode content = described.path("content").path("application/json");
    if (content.isMissingNode()) {
      return;
    }
    assertThat(type(response)).isEqualTo("application/json");
    String ref = content.path("schema").path("$ref").asText("");
    if (!ref.isEmpty()) {
      assertMatches(ref.substring(REF.length()), response);
    }
  }

  private static String type(HttpResponse<String> response) {
    return response.headers().firstValue("Content-Type").orElse("");
  }

  private void assertMatches(String schema, HttpResponse<String> response) {
    assertThat(schema(schema).validate(response.body(), InputFormat.JSON))
        .as(response + ": " + response.body())
        .isEmpty();
  }

  private Schema schema(String name) {
    return schemas.computeIfAbsent(name, this::compile);
  }

  private Schema compile(String name) {
    String all = document.get("components").get("schemas").toString().replace(REF, "#/$defs/");
    try {
      ObjectNode schema = MAPPER.createObjectNode();
      schema.set("$defs", MAPPER.readTree(all));
      schema.put("$ref", "#/$defs/" + name);
      return registry.getSchema(schema);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode operation(String method, @Nullable String path) {
    JsonNode methods = path == null ? null : document.get("paths").get(path);
    return methods == null
        ? MAPPER.createObjectNode()
        : methods.path(method.toLowerCase(Locale.ROOT));
  }

  /** The path of the document that a path is one of; null: none is. */
  private @Nullable String template(String path) {
    int question = path.indexOf('?');
    String plain = question < 0 ? path : path.substring(0, question);
    if (document.get("paths").has(plain)) {
      return plain;
    }
    for (Map.Entry<String, JsonNode> entry : document.get("paths").properties()) {
      if (plain.matches(entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+"))) {
        return entry.getKey();
      }
    }
    return null;
  }
}
