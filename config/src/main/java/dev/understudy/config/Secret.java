package dev.understudy.config;

import static java.util.Objects.requireNonNull;

/** A password or verifier. Its {@code toString} shows nothing, so that it cannot reach a log. */
public record Secret(String value) {
  public Secret {
    requireNonNull(value, "value is null");
  }

  @Override
  public String toString() {
    return "***";
  }
}
