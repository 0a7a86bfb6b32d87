package dev.understudy.server.webhook;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request of a forge, as it came in. */
public final class Delivery {
  private final Function<String, @Nullable String> headers;
  private final byte[] body;

  /**
   * A request.
   *
   * @param headers by name, in any case; null where there is none
   * @param body as it was sent, as its signature is of these bytes. Not copied
   */
  public Delivery(Function<String, @Nullable String> headers, byte[] body) {
    this.headers = requireNonNull(headers, "headers is null");
    this.body = requireNonNull(body, "body is null");
  }

  @Nullable String header(String name) {
    return headers.apply(name);
  }

  byte[] body() {
    return body;
  }
}
