package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What generators of clients make names and types of. */
class OpenApiDocumentTest {
  private static final String SCHEMAS = "#/components/schemas/";

  /** That may be null, or of several kinds, and then have a schema in one of these. */
  private static final Set<String> COMBINED = Set.of("anyOf", "oneOf", "allOf");

  private final JsonNode document = load();

  private static JsonNode load() {
    try (InputStream in = HttpApi.class.getResourceAsStream("openapi.json")) {
      return new ObjectMapper().readTree(requireNonNull(in));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyOperationHasANameOfItsOwnAndTellsHowItFails() {
    List<String> names = new ArrayList<>();
    for (JsonNode operation : operations()) {
      String name = operation.path("operationId").asText();
      assertThat(name).matches("[a-z]+([A-Z][a-z]+)*");
      assertThat(operation.at("/responses/default/$ref").asText())
          .as(name)
          .isEqualTo("#/components/responses/Problem");
      names.add(name);
    }
    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void everythingThatIsSentHasANamedType() {
    for (JsonNode operation : operations()) {
      for (JsonNode content : operation.findValues("application/json")) {
        JsonNode schema = content.path("schema");
        // Without properties it is whatever it is: the document itself, and what forges send.
        assertThat(schema.has("$ref") || schema.path("type").asText().equals("object"))
            .as(operation.toString())
            .isTrue();
        assertThat(schema.has("properties")).as(schema.toString()).isFalse();
      }
    }
    eachProperty((name, property) -> {
      JsonNode inner = property.has("items") ? property.get("items") : property;
      assertThat(inner.has("properties")).as(name).isFalse();
      for (String kind : COMBINED) {
        inner.path(kind).forEach(one -> assertThat(one.has("properties")).as(name).isFalse());
      }
    });
  }

  @Test
  void everyTypeIsThereAndIsUsed() {
    Set<String> used = new TreeSet<>();
    document
        .findValuesAsText("$ref")
        .forEach(ref -> {
          assertThat(document.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
          if (ref.startsWith(SCHEMAS)) {
            used.add(ref.substring(SCHEMAS.length()));
          }
        });
    Set<String> declared = new TreeSet<>();
    schemas().fieldNames().forEachRemaining(declared::add);
    assertThat(used).isEqualTo(declared);
  }

  @Test
  void bytesAndSecondsHaveRoomForAnyProduction() {
    eachProperty((name, property) -> {
      if (name.matches(".*\\b(\\w+_)?(bytes|seconds)(_\\w+)?")) {
        String format = property.path("type").asText().equals("number") ? "double" : "int64";
        assertThat(property.path("format").asText()).as(name).isEqualTo(format);
      }
    });
  }

  private List<JsonNode> operations() {
    List<JsonNode> operations = new ArrayList<>();
    Consumer<JsonNode> add = operations::add;
    document.get("paths").forEach(path -> path.forEach(add));
    assertThat(operations).isNotEmpty();
    return operations;
  }

  private JsonNode schemas() {
    return document.get("components").get("schemas");
  }

  private interface Look {
    void at(String name, JsonNode property);
  }

  /** Of every schema; named as {@code Schema.property}. */
  private void eachProperty(Look look) {
    for (Map.Entry<String, JsonNode> schema : schemas().properties()) {
      for (Map.Entry<String, JsonNode> property :
          schema.getValue().path("properties").properties()) {
        look.at(schema.getKey() + "." + property.getKey(), property.getValue());
      }
    }
  }
}
