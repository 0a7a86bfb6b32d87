package dev.understudy.server.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** The JSON object of a delivery that is believed. */
final class Payload {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode root;

  private Payload(JsonNode root) {
    this.root = root;
  }

  static Payload of(Delivery delivery) throws WebhookException {
    try {
      JsonNode root = JSON.readTree(delivery.body());
      if (root != null && root.isObject()) {
        return new Payload(root);
      }
    } catch (IOException e) {
      // Told below; what the parser quotes may be anything.
    }
    throw new WebhookException(WebhookException.Kind.MALFORMED, "the body is no JSON object");
  }

  /**
   * The text at a place.
   *
   * @param pointer as RFC 6901 has it
   */
  String text(String pointer) throws WebhookException {
    JsonNode node = root.at(pointer);
    if (!node.isTextual()) {
      throw missing(pointer, "text");
    }
    return node.textValue();
  }

  /** A positive whole number. */
  long number(String pointer) throws WebhookException {
    JsonNode node = root.at(pointer);
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() <= 0) {
      throw missing(pointer, "positive whole number");
    }
    return node.longValue();
  }

  private static WebhookException missing(String pointer, String what) {
    return new WebhookException(
        WebhookException.Kind.MALFORMED, "the body has no " + what + " at " + pointer);
  }
}
