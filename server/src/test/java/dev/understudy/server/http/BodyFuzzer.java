package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes bodies by schemas of the OpenAPI document, and such as no operation takes. */
final class BodyFuzzer {
  private static final int KINDS_OF_ANY = 8;
  private static final int KINDS_BY_SCHEMA = 2;

  /** Of no environment. */
  private final String name;

  private final Random random;

  BodyFuzzer(Random random, String name) {
    this.random = requireNonNull(random, "random is null");
    this.name = requireNonNull(name, "name is null");
  }

  /** One that is taken. */
  String valid(JsonNode schema) {
    return object(schema, -1);
  }

  /**
   * One that is not.
   *
   * @param schema null: of nothing
   */
  String spoiled(@Nullable JsonNode schema) {
    String valid = schema == null ? "{}" : valid(schema);
    String key = schema == null ? "a" : pick(keys(schema));
    int kind = random.nextInt(KINDS_OF_ANY + (schema == null ? 0 : KINDS_BY_SCHEMA));
    return switch (kind) {
      case 0 -> valid.substring(0, random.nextInt(1, valid.length()));
      case 1 -> valid + pick(List.of("x", "{}", ",", "]"));
      case 2 -> "{\"unknown\":" + pick(List.of("1", "null", "{}", "\"\"")) + "}";
      case 3 -> pick(List.of("[]", "7", "true", "null", "\"a\"", "NaN", "'a'", "{a:1}", "\u0000"));
      case 4 -> "[".repeat(random.nextInt(1, 20_000));
      case 5 -> "{\"a\":".repeat(random.nextInt(1, 5_000));
      case 6 -> "{\"" + key + "\":\"" + "a".repeat(random.nextInt(65_536, 70_000)) + "\"}";
      case 7 -> "{\"" + key + "\":1e999999999,\"" + key + "\":-}";
      case 8 -> "{" + "\"%s\":null,".formatted(key).repeat(2) + valid.substring(1);
      default -> {
        JsonNode of = requireNonNull(schema);
        yield object(of, random.nextInt(keys(of).size()));
      }
    };
  }

  /**
   * An object of a schema.
   *
   * @param wrong number of the property that is of another type; -1: none
   */
  private String object(JsonNode schema, int wrong) {
    StringBuilder object = new StringBuilder("{");
    List<String> keys = keys(schema);
    for (int i = 0; i < keys.size(); i++) {
      JsonNode property = schema.get("properties").get(keys.get(i));
      object
          .append(i == 0 ? "\"" : ",\"")
          .append(keys.get(i))
          .append("\":")
          .append(i == wrong ? otherThan(property) : value(property));
    }
    return object.append('}').toString();
  }

  private static List<String> keys(JsonNode schema) {
    return schema.get("properties").properties().stream().map(Map.Entry::getKey).toList();
  }

  private String value(JsonNode property) {
    String type = property.path("type").toString();
    if (type.contains("boolean")) {
      return "false";
    }
    return type.contains("string")
        ? "\"" + pick(List.of("elsewhere", "", "\u00e9\\n", "1 day")) + "\""
        : "{\"environment\":\"" + name + "\"}";
  }

  private String otherThan(JsonNode property) {
    String type = property.path("type").toString();
    List<String> values = new ArrayList<>(List.of("1", "-0.5", "[]", "[{}]"));
    values.add(type.contains("boolean") ? "\"true\"" : "true");
    values.add(type.contains("string") ? "{\"a\":1}" : "\"a\"");
    return pick(values);
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
