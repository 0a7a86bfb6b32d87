package dev.understudy.server.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.understudy.server.operate.OperationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * JSON as the API reads and writes it: names in snake_case, times as RFC 3339 writes them in UTC.
 * What is read has each key once, none that is unknown, and values of just the type that is wanted.
 */
public final class Json {
  private static final String INVALID_JSON = "22032";
  private static final String INVALID_VALUE = "22023";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .withCoercionConfig(LogicalType.Textual, Json::refuseOtherThanText)
          .build();

  private Json() {}

  private static void refuseOtherThanText(MutableCoercionConfig config) {
    config
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads an object.
   *
   * @throws OperationException with 22032 or 22023, which names the key that is wrong
   */
  static <T> T read(byte[] text, Class<T> type) {
    @Nullable T value;
    try {
      value = MAPPER.readValue(text, type);
    } catch (UnrecognizedPropertyException e) {
      throw OperationException.of(
          INVALID_VALUE,
          "unknown key \"" + path(e) + "\"",
          null,
          e.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .sorted()
              .collect(Collectors.joining(", ", "Known here: ", ".")));
    } catch (MismatchedInputException e) {
      String path = path(e);
      throw OperationException.of(
          INVALID_VALUE,
          path.isEmpty()
              ? "the body is not what is wanted here"
              : "the value of \"" + path + "\" is of the wrong type",
          null,
          "/openapi.json says what each key takes.");
    } catch (JsonProcessingException e) {
      throw OperationException.of(
          INVALID_JSON, "the body is not valid JSON", place(e.getLocation()), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (value == null) {
      throw OperationException.of(INVALID_VALUE, "the body is null", null, "Write {} for nothing.");
    }
    return value;
  }

  /**
   * For people.
   *
   * @param location null: of something that was passed over, as too deep in an unknown key
   */
  private static @Nullable String place(@Nullable JsonLocation location) {
    return location == null
        ? null
        : "Near line %d, column %d.".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(step -> step.getFieldName() == null ? "" : step.getFieldName())
        .collect(Collectors.joining("."));
  }
}
